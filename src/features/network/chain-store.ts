import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { compileNetwork } from '../../core/network/compile-network.ts';
import { documentOf, type NetworkDocument } from '../../core/network/network-document.ts';
import type { NetworkInput } from '../../core/network/network-input.ts';
import type { Network } from '../../core/network/network.ts';
import { run } from '../../platform/database/statement.ts';
import {
  disruptionsOf,
  factsOf,
  type DisruptionFacts,
  type DisruptionRow,
} from './disruption-rows.ts';

/** The chain at one version: as it was stated, what disrupts it, and as the engine reads it. */
export interface Chain {
  readonly document: NetworkDocument;
  /** In the order of their reports. */
  readonly disruptions: readonly DisruptionFacts[];
  readonly network: Network;
}

interface PartRow {
  readonly version: string;
  readonly kind: string | null;
  readonly document: unknown;
}

type PartKind = 'store' | 'workshop' | 'service' | 'line';

/**
 * Every transaction that depends on the chain's version holds this lock shared; an import holds it
 * alone. So an import sees all bookings of the version it replaces, and none is made on it afterwards.
 */
export const CHAIN_LOCK = 7_001;

/** Where the chain is kept: one row a part. */
@Injectable()
export class ChainStore {
  constructor(private readonly db: DataSource) {}

  async load(from: DataSource | EntityManager = this.db): Promise<Chain> {
    const rows = await run<PartRow & { version: string }>(from, {
      name: 'chain-load',
      text: `SELECT c.version, p.kind, p.document
               FROM chain c LEFT JOIN network_part p ON true
              ORDER BY p.kind, p.code`,
    });
    const disruptions = (await run<DisruptionRow>(from, DISRUPTIONS)).map(factsOf);
    const ofKind = (kind: PartKind) =>
      rows.filter((row) => row.kind === kind).map((row) => row.document);
    const document = documentOf({
      stores: ofKind('store'),
      workshops: ofKind('workshop'),
      services: ofKind('service'),
      lines: ofKind('line'),
    } as NetworkInput);
    const version = Number(rows[0]!.version);
    const network = compileNetwork(document, version, disruptionsOf(document, disruptions));
    return { document, disruptions, network };
  }

  /** Locks out every booking until the transaction ends. To be called first in it. */
  async lockForImport(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock($1)`, [CHAIN_LOCK]);
  }

  /** Whatever is changed about the chain is a new version of it. @returns the new version */
  async nextVersion(tx: EntityManager): Promise<number> {
    const [row] = await run<{ version: string }>(tx, {
      name: 'chain-next-version',
      text: `UPDATE chain SET version = version + 1 RETURNING version`,
    });
    return Number(row!.version);
  }

  /** Replaces the parts named in a checked `input`. @returns the new version */
  async replaceParts(tx: EntityManager, input: NetworkInput): Promise<number> {
    const version = await this.nextVersion(tx);
    const parts = [
      ...rowsOf('store', input.stores),
      ...rowsOf('workshop', input.workshops),
      ...rowsOf('service', input.services),
      ...rowsOf('line', input.lines),
    ];
    await tx.query(
      `INSERT INTO network_part (kind, code, document, version)
       SELECT part->>'kind', part->>'code', part->'document', $2
         FROM jsonb_array_elements($1::jsonb) AS part
       ON CONFLICT (kind, code) DO UPDATE
          SET document = EXCLUDED.document, version = EXCLUDED.version`,
      [JSON.stringify(parts), version],
    );
    return version;
  }
}

/** Those that may still matter: a window that began days ago is over. */
const DISRUPTIONS = {
  name: 'chain-disruptions',
  text: `SELECT id, kind, code, starts_at, ends_at, skill, units, delay_min
           FROM disruption
          WHERE lifted_at IS NULL AND coalesce(ends_at, starts_at) > now() - interval '3 days'
          ORDER BY id`,
};

function rowsOf(kind: PartKind, parts: readonly { readonly code: string }[] | null | undefined) {
  return (parts ?? []).map((document) => ({ kind, code: document.code, document }));
}
