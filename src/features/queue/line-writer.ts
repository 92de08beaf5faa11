import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { VisitKind } from '../../core/counter/remaining.ts';
import type { QueueKind } from '../../core/queue/due.ts';
import type { QueueState } from '../../core/queue/states.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { LONGEST_VISIT_MS } from './line-reader.ts';
import {
  ENTRY_COLUMNS,
  entryFrom,
  type DeskData,
  type EntryRow,
  type QueueEntryData,
} from './queue-entry.ts';

/** Somebody who joins. */
export interface Joining {
  readonly storeCode: string;
  readonly localDate: LocalDate;
  readonly kind: QueueKind;
  readonly visitKind: VisitKind;
  readonly pairs: number;
  readonly order: { readonly id: string; readonly version: number } | null;
  readonly appointmentId: string | null;
  readonly arrivedAt: EpochMs;
  readonly dueAt: EpochMs;
  readonly reducedMobility: boolean;
  readonly goesFirst: boolean;
}

/** What a move changes; what is left out stays. */
export interface EntryChange {
  readonly state: QueueState;
  readonly desk: string | null;
  readonly at: EpochMs;
  readonly isCall?: boolean;
}

interface DeskRow {
  readonly is_open: boolean;
  readonly visit_kinds: readonly VisitKind[];
}

const LETTER: Readonly<Record<QueueKind, string>> = {
  APPOINTMENT: 'A',
  WALK_IN: 'W',
  LATE_APPOINTMENT: 'L',
};

/** The only code that writes desks, lines and what happened in them. */
@Injectable()
export class LineWriter {
  /** To a visit that has none, in a line that nobody else moves. */
  async giveOrder(
    tx: EntityManager,
    entryId: string,
    { id, version }: { readonly id: string; readonly version: number },
  ): Promise<void> {
    await run(tx, GIVE_ORDER, [entryId, id, version]);
  }

  async join(tx: EntityManager, joining: Joining, actor: string): Promise<QueueEntryData> {
    const { storeCode, localDate, kind, order, arrivedAt } = joining;
    const [row] = await run<EntryRow>(tx, JOIN, [
      newId(),
      storeCode,
      localDate,
      LETTER[kind],
      kind,
      joining.visitKind,
      joining.pairs,
      order?.id ?? null,
      joining.appointmentId,
      order?.version ?? null,
      new Date(arrivedAt),
      new Date(joining.dueAt),
      joining.reducedMobility,
      joining.goesFirst,
    ]);
    const entry = entryFrom(row!);
    await this.log(tx, newId(), { kind: 'join', actor, at: arrivedAt, entry });
    return entry;
  }

  /** The desk with nobody else changing it until the transaction ends; undefined: there is none. */
  async lockDesk(
    tx: EntityManager,
    storeCode: string,
    name: string,
  ): Promise<DeskData | undefined> {
    const [row] = await run<DeskRow>(tx, LOCK_DESK, [storeCode, name]);
    if (row === undefined) return undefined;
    return { storeCode, name, isOpen: row.is_open, visitKinds: row.visit_kinds };
  }

  /** Whom the desk is busy with. */
  async atDesk(tx: EntityManager, { storeCode, name }: DeskData): Promise<EntryRow | undefined> {
    const [row] = await run<EntryRow>(tx, AT_DESK, [storeCode, name]);
    return row;
  }

  /**
   * Calls who is next for a desk: one statement, which passes over whoever somebody else has locked.
   * undefined: nobody waits whom the desk serves.
   */
  async callNext(
    tx: EntityManager,
    { storeCode, name, visitKinds }: DeskData,
    now: EpochMs,
  ): Promise<EntryRow | undefined> {
    const since = new Date(now - LONGEST_VISIT_MS);
    const values = [storeCode, name, visitKinds, new Date(now), since];
    const [row] = await run<EntryRow>(tx, CALL_NEXT, values);
    return row;
  }

  async change(tx: EntityManager, id: string, change: EntryChange): Promise<EntryRow> {
    const { state, desk, at, isCall = false } = change;
    const [row] = await run<EntryRow>(tx, CHANGE, [id, state, desk, new Date(at), isCall]);
    return row!;
  }

  async setDesk(tx: EntityManager, desk: DeskData, now: EpochMs): Promise<void> {
    const { storeCode, name, isOpen, visitKinds } = desk;
    await run(tx, SET_DESK, [storeCode, name, isOpen, visitKinds, new Date(now)]);
    // Whoever waited for this desk alone may go to any other.
    if (!isOpen) await run(tx, FREE_DESK, [storeCode, name]);
  }

  /** Marks who has two people or fewer ahead of them. @returns those that were not marked before */
  async near(
    tx: EntityManager,
    ids: readonly string[],
    now: EpochMs,
  ): Promise<readonly EntryRow[]> {
    return run<EntryRow>(tx, NEAR, [ids, new Date(now)]);
  }

  /**
   * One change in the line of a store after the other, from here to the end of the transaction. Whoever
   * moves, joins or opens something takes it before any row: of two at once the later one sees what the
   * earlier one did, and nobody's turn comes near unseen. Orders are locked before it.
   */
  async oneAfterTheOther(tx: EntityManager, storeCode: string): Promise<void> {
    await run(tx, ONE_AFTER_THE_OTHER, [storeCode]);
  }

  /** Ends visits of earlier days that nobody ended. @returns their stores */
  async endOld(tx: EntityManager, now: EpochMs): Promise<readonly EntryRow[]> {
    const before = new Date(now - LONGEST_VISIT_MS);
    return run<EntryRow>(tx, END_OLD, [before, new Date(now)]);
  }

  async log(
    tx: EntityManager,
    id: string,
    happening: {
      readonly kind: string;
      readonly actor: string;
      readonly at: EpochMs;
      readonly entry?: QueueEntryData;
      readonly desk?: DeskData;
    },
  ): Promise<void> {
    const { kind, actor, at, entry, desk } = happening;
    const after = (entry ?? desk)!;
    const values = [id, after.storeCode, entry?.id ?? null, kind, actor, new Date(at)];
    await run(tx, LOG, [...values, JSON.stringify(after)]);
  }
}

const GIVE_ORDER = {
  name: 'queue-entry-give-order',
  text: `UPDATE queue_entry SET order_id = $2, order_version = $3 WHERE id = $1 AND order_id IS NULL`,
};

const JOIN = {
  name: 'queue-join',
  text: `
    WITH given AS (
      INSERT INTO queue_number AS n (store_code, local_date, letter, last) VALUES ($2, $3, $4, 1)
      ON CONFLICT (store_code, local_date, letter) DO UPDATE SET last = n.last + 1
      RETURNING letter || lpad(last::text, greatest(3, length(last::text)), '0') AS number
    )
    INSERT INTO queue_entry (id, store_code, local_date, number, kind, visit_kind, pairs, order_id,
                             appointment_id, order_version, arrived_at, due_at, reduced_mobility,
                             goes_first, state, version)
    SELECT $1, $2, $3, number, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'WAITING', 1 FROM given
    RETURNING ${ENTRY_COLUMNS}`,
};

const LOCK_DESK = {
  name: 'desk-lock',
  text: `SELECT is_open, visit_kinds FROM desk WHERE store_code = $1 AND name = $2 FOR UPDATE`,
};

const AT_DESK = {
  name: 'queue-at-desk',
  text: `SELECT ${ENTRY_COLUMNS} FROM queue_entry
          WHERE store_code = $1 AND desk = $2 AND state IN ('CALLED', 'SERVING')`,
};

/** SKIP LOCKED: a call neither takes a visit that somebody else has locked nor waits for it. */
const CALL_NEXT = {
  name: 'queue-call-next',
  text: `
    UPDATE queue_entry SET state = 'CALLED', desk = $2, calls = calls + 1, called_at = $4,
           version = version + 1
     WHERE id = (SELECT id FROM queue_entry
                  WHERE store_code = $1 AND state = 'WAITING' AND arrived_at > $5
                    AND CASE WHEN desk IS NULL THEN visit_kind = ANY ($3::text[]) ELSE desk = $2 END
                  ORDER BY goes_first DESC, due_at, arrived_at, id
                  LIMIT 1
                  FOR UPDATE SKIP LOCKED)
    RETURNING ${ENTRY_COLUMNS}`,
};

const CHANGE = {
  name: 'queue-entry-change',
  text: `
    UPDATE queue_entry
       SET state = $2, desk = $3, version = version + 1,
           calls = calls + CASE WHEN $5 THEN 1 ELSE 0 END,
           called_at = CASE WHEN $2 = 'WAITING' THEN NULL ELSE called_at END,
           served_at = CASE $2 WHEN 'SERVING' THEN $4 WHEN 'WAITING' THEN NULL ELSE served_at END,
           ended_at = CASE WHEN $2 IN ('FINISHED', 'LEFT') THEN $4 END
     WHERE id = $1
    RETURNING ${ENTRY_COLUMNS}`,
};

const SET_DESK = {
  name: 'desk-set',
  text: `
    INSERT INTO desk (store_code, name, is_open, visit_kinds, updated_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (store_code, name) DO UPDATE
       SET is_open = excluded.is_open, visit_kinds = excluded.visit_kinds,
           updated_at = excluded.updated_at`,
};

const FREE_DESK = {
  name: 'desk-free',
  text: `UPDATE queue_entry SET desk = NULL, version = version + 1
          WHERE store_code = $1 AND desk = $2 AND state IN ('WAITING', 'HELD')`,
};

const NEAR = {
  name: 'queue-near',
  text: `
    UPDATE queue_entry SET near_at = $2
     WHERE id = ANY ($1::uuid[]) AND near_at IS NULL AND state = 'WAITING'
    RETURNING ${ENTRY_COLUMNS}`,
};

const ONE_AFTER_THE_OTHER = {
  name: 'queue-one-after-the-other',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('queue ' || $1, 0))`,
};

const END_OLD = {
  name: 'queue-end-old',
  text: `
    UPDATE queue_entry SET state = 'LEFT', ended_at = $2, version = version + 1
     WHERE id IN (SELECT id FROM queue_entry
                   WHERE state IN ('WAITING', 'CALLED', 'SERVING', 'HELD') AND arrived_at <= $1
                     FOR UPDATE SKIP LOCKED)
    RETURNING ${ENTRY_COLUMNS}`,
};

const LOG = {
  name: 'queue-event-log',
  text: `INSERT INTO queue_event (id, store_code, entry_id, kind, actor, at, after)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
};
