import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { VisitKind } from '../../core/counter/remaining.ts';
import type { Line, OpenDesk, ToCome } from '../../core/queue/line.ts';
import type { QueueSettings } from '../../core/queue/settings.ts';
import { AT_A_DESK } from '../../core/queue/states.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import {
  ENTRY_COLUMNS,
  entryFrom,
  waitingVisit,
  type DeskData,
  type EntryRow,
  type QueueEntryData,
} from './queue-entry.ts';
import { settingsFrom } from './queue-settings.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** A visit that is older than this and was never ended is of an earlier day. */
export const LONGEST_VISIT_MS = 16 * HOUR_MS;
/** Appointments further ahead matter to nobody who waits now. */
const LOOK_AHEAD_MS = 3 * HOUR_MS;
const LOOK_BACK_MS = HOUR_MS;

/** A store's line as it stands, with all who are in it. */
export interface StoreLine {
  readonly line: Line;
  /** All whose visit is not over, in the order of the line. */
  readonly entries: readonly QueueEntryData[];
  /** Of those, who has not had two people or fewer ahead of them yet. */
  readonly notNear: ReadonlyMap<string, EntryRow>;
  readonly desks: readonly DeskData[];
}

/** What the log calls it. */
export type LeftBy = 'leave' | 'cancelOrder' | 'endOld';

interface LineRow {
  readonly document: Partial<QueueSettings> | null;
  readonly desks: readonly DeskData[] | null;
  readonly to_come: readonly ToCome[] | null;
}

/** Reads lines, desks and what is in them. */
@Injectable()
export class LineReader {
  constructor(private readonly db: DataSource) {}

  async line(
    storeCode: string,
    now: EpochMs,
    from: DataSource | EntityManager = this.db,
  ): Promise<StoreLine> {
    const around = [new Date(now - LOOK_BACK_MS), new Date(now + LOOK_AHEAD_MS)];
    const [row] = await run<LineRow>(from, LINE, [storeCode, ...around]);
    const rows = await run<EntryRow>(from, ENTRIES, [storeCode, new Date(now - LONGEST_VISIT_MS)]);
    const entries = rows.map(entryFrom);
    const desks = row!.desks ?? [];
    return {
      line: {
        now,
        settings: settingsFrom(row!.document),
        desks: desks.filter(({ isOpen }) => isOpen).map((desk) => openDesk(desk, entries)),
        waiting: entries.filter(({ state }) => state === 'WAITING').map(waitingVisit),
        toCome: row!.to_come ?? [],
      },
      entries,
      notNear: new Map(rows.filter((one) => one.near_at === null).map((one) => [one.id, one])),
      desks,
    };
  }

  async settings(
    storeCode: string,
    from: DataSource | EntityManager = this.db,
  ): Promise<QueueSettings> {
    const [row] = await run<Pick<LineRow, 'document'>>(from, SETTINGS, [storeCode]);
    return settingsFrom(row?.document ?? null);
  }

  /** Null: there is none. */
  async entry(id: string, from: EntityManager | DataSource = this.db): Promise<EntryRow | null> {
    if (!isUuid(id)) return null;
    const [row] = await run<EntryRow>(from, ENTRY, [id]);
    return row ?? null;
  }

  /** As {@link entry}, and nobody else changes it until the transaction ends. */
  async locked(tx: EntityManager, id: string): Promise<EntryRow | null> {
    if (!isUuid(id)) return null;
    const [row] = await run<EntryRow>(tx, LOCKED, [id]);
    return row ?? null;
  }

  /** The visit of an order that is not over. */
  async ofOrder(
    orderId: string,
    from: DataSource | EntityManager = this.db,
  ): Promise<QueueEntryData | null> {
    const [row] = await run<EntryRow>(from, OF_ORDER, [orderId]);
    return row === undefined ? null : entryFrom(row);
  }

  /** What ended a visit that was not served. */
  async leftBy(entryId: string): Promise<LeftBy> {
    const [row] = await run<{ kind: LeftBy }>(this.db, LEFT_BY, [entryId]);
    return row!.kind;
  }

  /** As it was answered to the check-in that made this version of the order. */
  async joinedAt(orderId: string, orderVersion: number): Promise<QueueEntryData | null> {
    const [row] = await run<{ after: QueueEntryData }>(this.db, JOINED, [orderId, orderVersion]);
    return row?.after ?? null;
  }
}

function openDesk({ name, visitKinds }: DeskData, entries: readonly QueueEntryData[]): OpenDesk {
  const at = entries.find(({ desk, state }) => desk === name && AT_A_DESK.has(state));
  const busy =
    at === undefined
      ? null
      : { visitKind: at.visitKind, pairs: at.pairs, since: at.calledAt ?? at.arrivedAt };
  return { name, visitKinds, busy };
}

/** One of each visit kind is served where the order's status says so; others will not come. */
const LINE = {
  name: 'queue-line',
  text: `
    SELECT (SELECT document FROM queue_settings WHERE store_code = $1) AS document,
           (SELECT json_agg(json_build_object('storeCode', store_code, 'name', name,
                     'isOpen', is_open, 'visitKinds', visit_kinds) ORDER BY name)
              FROM desk WHERE store_code = $1) AS desks,
           (SELECT json_agg(json_build_object('id', a.id, 'visitKind', a.kind,
                     'slotStart', (extract(epoch FROM a.starts_at) * 1000)::bigint,
                     'pairs', (SELECT sum(i.pairs) FROM order_item i WHERE i.order_id = a.order_id)))
              FROM appointment a JOIN customer_order o ON o.id = a.order_id
             WHERE a.store_code = $1 AND a.starts_at BETWEEN $2 AND $3 AND a.status = 'BOOKED'
               AND CASE a.kind WHEN 'DROP_OFF' THEN o.status = 'BOOKED'
                   ELSE o.status NOT IN ('BOOKED', 'CANCELLED', 'COLLECTED') END) AS to_come`,
};

const ENTRIES = {
  name: 'queue-entries',
  text: `SELECT ${ENTRY_COLUMNS} FROM queue_entry
          WHERE store_code = $1 AND state IN ('WAITING', 'CALLED', 'SERVING', 'HELD')
            AND arrived_at > $2
          ORDER BY goes_first DESC, due_at, arrived_at, id`,
};

const SETTINGS = {
  name: 'queue-settings',
  text: `SELECT document FROM queue_settings WHERE store_code = $1`,
};

const ENTRY = {
  name: 'queue-entry',
  text: `SELECT ${ENTRY_COLUMNS} FROM queue_entry WHERE id = $1`,
};

const LOCKED = {
  name: 'queue-entry-lock',
  text: `SELECT ${ENTRY_COLUMNS} FROM queue_entry WHERE id = $1 FOR UPDATE`,
};

const OF_ORDER = {
  name: 'queue-entry-of-order',
  text: `SELECT ${ENTRY_COLUMNS} FROM queue_entry
          WHERE order_id = $1 AND state IN ('WAITING', 'CALLED', 'SERVING', 'HELD')`,
};

/** Ended again, the first time counts. */
const LEFT_BY = {
  name: 'queue-left-by',
  text: `SELECT kind FROM queue_event
          WHERE entry_id = $1 AND kind IN ('leave', 'cancelOrder', 'endOld')
          ORDER BY at, id LIMIT 1`,
};

const JOINED = {
  name: 'queue-entry-joined',
  text: `SELECT e.after FROM queue_event e JOIN queue_entry q ON q.id = e.entry_id
          WHERE q.order_id = $1 AND q.order_version = $2 AND e.kind = 'join'
          ORDER BY e.at, e.id LIMIT 1`,
};

/** Kinds of visit, as they are written. */
export const VISIT_KINDS: readonly VisitKind[] = ['DROP_OFF', 'PICK_UP'];
