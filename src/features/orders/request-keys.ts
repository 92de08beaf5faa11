import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { run } from '../../platform/database/statement.ts';
import { CHAIN_LOCK } from '../network/index.ts';

/** One request, recognisable when it is sent again. */
export interface KeyedRequest {
  /** Whose key it is; holds no personal data. */
  readonly caller: string;
  readonly key: string;
  readonly contentHash: string;
}

/** What an earlier request with the same key was answered. */
export interface EarlierRequest {
  readonly contentHash: string;
  /** The event or the hold that was the answer. */
  readonly answerId: string;
}

interface KeyRow {
  readonly content_hash: string;
  readonly answer_id: string;
}

/** Remembers which requests had an effect. A refused request had none and is not remembered. */
@Injectable()
export class RequestKeys {
  constructor(private readonly db: DataSource) {}

  /**
   * Opens the effect of a request in its transaction. The same key at the same moment waits here until
   * the first transaction ends. Also keeps the chain as it is until this one ends.
   *
   * @returns whether this is the first time; else {@link find} tells what the key was answered before
   */
  async open(
    tx: EntityManager,
    { caller, key, contentHash }: KeyedRequest,
    answerId: string,
  ): Promise<boolean> {
    const rows = await run(tx, OPEN, [caller, key, contentHash, answerId, CHAIN_LOCK]);
    return rows.length === 1;
  }

  /** What a request with this key was answered; null: none had an effect. */
  async find(
    { caller, key }: Pick<KeyedRequest, 'caller' | 'key'>,
    from: DataSource | EntityManager = this.db,
  ): Promise<EarlierRequest | null> {
    const [row] = await run<KeyRow>(from, FIND, [caller, key]);
    return row === undefined ? null : { contentHash: row.content_hash, answerId: row.answer_id };
  }
}

const OPEN = {
  name: 'request-key-open',
  text: `
    WITH guard AS (SELECT pg_advisory_xact_lock_shared($5))
    INSERT INTO request_key (caller, key, content_hash, answer_id)
    SELECT $1, $2, $3, $4 FROM guard
    ON CONFLICT DO NOTHING RETURNING 1 AS opened`,
};

const FIND = {
  name: 'request-key-find',
  text: `SELECT content_hash, answer_id FROM request_key WHERE caller = $1 AND key = $2`,
};

/** The same for the same operation and content, whatever the order of fields; absent and null are one. */
export function contentHash(operation: string, content: object): string {
  return createHash('sha256').update(operation).update(canonicalJson(content)).digest('base64url');
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object' || value instanceof Date) {
    return JSON.stringify(value);
  }
  const entries = Object.entries(value)
    .filter(([, field]) => field !== null && field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${entries.join(',')}}`;
}
