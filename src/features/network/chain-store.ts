import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { compileNetwork } from '../../core/network/compile-network.ts';
import { documentOf, type NetworkDocument } from '../../core/network/network-document.ts';
import type { NetworkInput } from '../../core/network/network-input.ts';
import type { Network } from '../../core/network/network.ts';
import { run } from '../../platform/database/statement.ts';
import { withDisruptions } from '../../core/network/with-disruptions.ts';
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

/** All parts as they were stated, and as they are without any disruption. */
interface Parts {
  /** Of the part that was replaced last. */
  readonly version: string;
  readonly document: NetworkDocument;
  readonly network: Network;
}

interface HeadRow {
  readonly version: string;
  readonly parts_version: string;
}

interface PartRow {
  readonly version: string;
  readonly kind: PartKind;
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
  private parts: Parts | undefined;

  constructor(private readonly db: DataSource) {}

  /**
   * The chain as it is. Parts that are as at the last load are not read and compiled again: most versions
   * are disruptions or policies, and a chain of hundreds of stores takes a while.
   */
  async load(from: DataSource | EntityManager = this.db): Promise<Chain> {
    // What a transaction sees may be undone, and its version be given to something else.
    const kept = from === this.db ? this.parts : undefined;
    const [head] = await run<HeadRow>(from, HEAD);
    const isSame = kept !== undefined && kept.version === head!.parts_version;
    const parts = isSame ? kept : await this.readParts(from);
    if (from === this.db) this.parts = parts;
    const disruptions = (await run<DisruptionRow>(from, DISRUPTIONS)).map(factsOf);
    const { document, network } = parts;
    const undisturbed = { ...network, version: Number(head!.version) };
    const laid = withDisruptions(undisturbed, disruptionsOf(document, disruptions));
    return { document, disruptions, network: laid };
  }

  private async readParts(from: DataSource | EntityManager): Promise<Parts> {
    const rows = await run<PartRow>(from, PARTS);
    const ofKind = (kind: PartKind) =>
      rows.filter((row) => row.kind === kind).map((row) => row.document);
    const document = documentOf({
      stores: ofKind('store'),
      workshops: ofKind('workshop'),
      services: ofKind('service'),
      lines: ofKind('line'),
    } as NetworkInput);
    const version = rows.reduce((newest, row) => Math.max(newest, Number(row.version)), 0);
    return { version: String(version), document, network: compileNetwork(document, version) };
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

const HEAD = {
  name: 'chain-head',
  text: `SELECT version, (SELECT coalesce(max(version), 0) FROM network_part) AS parts_version
           FROM chain`,
};

const PARTS = {
  name: 'chain-parts',
  text: `SELECT version, kind, document FROM network_part ORDER BY kind, code`,
};

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
