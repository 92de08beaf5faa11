import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { TripName } from '../../core/goods/scan.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { checkPage, startAfter, type PageRequest } from '../../platform/graphql/page.ts';
import type { DisruptionFacts, DisruptionRow } from '../network/index.ts';

/** A disruption with who reported it when. */
export interface DisruptionRecord extends DisruptionRow {
  readonly reason: string | null;
  readonly created_at: Date;
  readonly lifted_at: Date | null;
}

/** Who reports what. */
export interface DisruptionReport {
  readonly id: string;
  readonly facts: DisruptionFacts;
  readonly reason: string | null;
  readonly actor: string;
  readonly at: EpochMs;
}

const MOST_AT_ONCE = 100;

/** The disruptions that were reported. */
@Injectable()
export class DisruptionRecords {
  constructor(private readonly db: DataSource) {}

  async insert(tx: EntityManager, report: DisruptionReport): Promise<DisruptionRecord> {
    const { id, facts, reason, actor, at } = report;
    const [row] = await run<DisruptionRecord>(tx, INSERT, [
      id,
      facts.kind,
      facts.code,
      new Date(facts.start),
      facts.kind === 'CLOSE_STORE' ? new Date(facts.end) : null,
      facts.kind === 'CUT_SHIFT' ? facts.skill : null,
      facts.kind === 'CUT_SHIFT' ? facts.units : null,
      facts.kind === 'DELAY_TRIP' ? facts.delayMin : null,
      reason,
      new Date(at),
      actor,
    ]);
    return row!;
  }

  /** @returns null: it was lifted before */
  async lift(
    tx: EntityManager,
    id: string,
    actor: string,
    now: EpochMs,
  ): Promise<DisruptionRecord | null> {
    const [row] = await run<DisruptionRecord>(tx, LIFT, [id, new Date(now), actor]);
    return row ?? null;
  }

  /** All that was ever said of how late a trip is, in order of report. */
  delays(tx: EntityManager, { lineCode, departs }: TripName): Promise<readonly DisruptionRecord[]> {
    return run<DisruptionRecord>(tx, DELAYS, [lineCode, new Date(departs)]);
  }

  async liftDelays(
    tx: EntityManager,
    { lineCode, departs }: TripName,
    actor: string,
    at: EpochMs,
  ): Promise<void> {
    await run(tx, LIFT_DELAYS, [lineCode, new Date(departs), new Date(at), actor]);
  }

  async find(id: string, from?: EntityManager): Promise<DisruptionRecord | null> {
    if (!isUuid(id)) return null;
    const [row] = await run<DisruptionRecord>(from ?? this.db, FIND, [id]);
    return row ?? null;
  }

  /** Ids are in order of report. */
  standing(page: PageRequest): Promise<readonly DisruptionRecord[]> {
    checkPage(page, MOST_AT_ONCE);
    return run<DisruptionRecord>(this.db, STANDING, [startAfter(page), page.first]);
  }
}

const COLUMNS = `id, kind, code, starts_at, ends_at, skill, units, delay_min, reason, created_at,
  lifted_at`;

const INSERT = {
  name: 'disruption-insert',
  text: `INSERT INTO disruption (id, kind, code, starts_at, ends_at, skill, units, delay_min, reason,
                                 created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${COLUMNS}`,
};

const LIFT = {
  name: 'disruption-lift',
  text: `UPDATE disruption SET lifted_at = $2, lifted_by = $3
          WHERE id = $1 AND lifted_at IS NULL RETURNING ${COLUMNS}`,
};

const DELAYS = {
  name: 'disruption-delays',
  text: `SELECT ${COLUMNS} FROM disruption
          WHERE kind = 'DELAY_TRIP' AND code = $1 AND starts_at = $2 ORDER BY id`,
};

const LIFT_DELAYS = {
  name: 'disruption-lift-delays',
  text: `UPDATE disruption SET lifted_at = $3, lifted_by = $4
          WHERE kind = 'DELAY_TRIP' AND code = $1 AND starts_at = $2 AND lifted_at IS NULL`,
};

const FIND = { name: 'disruption-find', text: `SELECT ${COLUMNS} FROM disruption WHERE id = $1` };

const STANDING = {
  name: 'disruptions-standing',
  text: `SELECT ${COLUMNS} FROM disruption
          WHERE lifted_at IS NULL AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
};
