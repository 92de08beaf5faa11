import type { EntityManager } from 'typeorm';

import { run } from '../../platform/database/statement.ts';
import { CHAIN_LOCK } from '../network/index.ts';

/** Keeps the chain as it is until the transaction ends. To be called first in it. */
export async function lockChain(tx: EntityManager): Promise<void> {
  await run(tx, LOCK, [CHAIN_LOCK]);
}

const LOCK = { name: 'chain-lock-shared', text: `SELECT pg_advisory_xact_lock_shared($1)` };
