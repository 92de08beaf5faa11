import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { SheetTimes } from '../../core/board/sheet-times.ts';
import type { DeliverySoFar, Next } from '../../core/messages/attempt.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { Account } from '../accounts/index.ts';
import type { SheetText } from './sheet-words.ts';

/** A sheet as it was made, and what became of it on each account. */
export interface SheetRecord extends SheetText {
  readonly storeCode: string;
  readonly date: LocalDate;
  readonly opens: Date;
  readonly madeAt: Date;
  readonly sendings: readonly SheetSending[];
}

export interface SheetSending {
  readonly channel: string;
  readonly account: string;
  readonly status: string;
  readonly reason: string | null;
  readonly code: string | null;
  readonly sentAt: EpochMs | null;
}

/** A sending that this process may work on until its lease ends. */
export interface LeasedSending {
  readonly id: string;
  readonly fence: number;
  readonly channel: string;
  readonly account: string;
  readonly storeCode: string;
  readonly usefulUntil: EpochMs;
  readonly text: SheetText;
  readonly soFar: DeliverySoFar;
}

/** What is written of a sending that was looked at. */
export interface SendingRecord {
  readonly next: Next;
  readonly soFar: DeliverySoFar;
  /** What the provider said, if anything. */
  readonly code: string | null;
}

interface LeasedRow {
  readonly id: string;
  readonly fence: number;
  readonly channel: string;
  readonly account: string;
  readonly store_code: string;
  readonly useful_until: Date;
  readonly locale: string;
  readonly title: string;
  readonly content: string;
  readonly was: DeliverySoFar['status'];
  readonly tries: number;
  readonly may_be_repeated: boolean;
  readonly first_attempt_at: Date | null;
  readonly last_attempt_at: Date | null;
}

/** Sendings that are looked at at once. */
const AT_ONCE = 20;

/** The only code that reads and writes day sheets. */
@Injectable()
export class SheetRecords {
  constructor(private readonly db: DataSource) {}

  /** Null: none was made. */
  async find(storeCode: string, date: LocalDate): Promise<SheetRecord | null> {
    const [row] = await run<SheetRecord>(this.db, FIND, [storeCode, date]);
    return row ?? null;
  }

  /** Those of the sheets that were made: `store date`. */
  async made(sheets: readonly SheetKey[]): Promise<ReadonlySet<string>> {
    const values = [sheets.map(({ storeCode }) => storeCode), sheets.map(({ date }) => date)];
    const rows = await run<{ key: string }>(this.db, MADE, values);
    return new Set(rows.map(({ key }) => key));
  }

  /** Keeps a sheet with all that is to be sent of it. @returns false: somebody else has made it */
  async make(
    storeCode: string,
    { date, opens, closes }: SheetTimes,
    { locale, title, content }: SheetText,
    accounts: readonly Account[],
    now: EpochMs,
  ): Promise<boolean> {
    const [row] = await run<{ count: number }>(this.db, MAKE, [
      ...[
        storeCode,
        date,
        new Date(opens),
        new Date(closes),
        locale,
        title,
        content,
        new Date(now),
      ],
      accounts.map(() => newId()),
      accounts.map(({ channel }) => channel.descriptor.name),
      accounts.map(({ account }) => account),
    ]);
    return row!.count === 1;
  }

  /** Leases sendings that are due, each to one worker. */
  async lease(now: EpochMs): Promise<readonly LeasedSending[]> {
    return (await run<LeasedRow>(this.db, LEASE, [new Date(now), AT_ONCE])).map(leasedFrom);
  }

  /** Gives a sending back until it has its turn; nothing was tried. */
  async putOff({ id, fence, soFar }: LeasedSending, until: EpochMs): Promise<void> {
    await run(this.db, PUT_OFF, [id, fence, soFar.status, new Date(until)]);
  }

  /** Writes what follows, unless somebody else has leased it since. */
  async record({ id, fence }: LeasedSending, record: SendingRecord, now: EpochMs): Promise<void> {
    const { next, soFar, code } = record;
    const isLater = next.is === 'later';
    await run(this.db, RECORD, [
      ...[id, fence, next.status, soFar.tries, isLater ? next.mayBeRepeated : soFar.mayBeRepeated],
      isLater ? new Date(next.at) : null,
      soFar.firstAttemptAt === null ? null : new Date(soFar.firstAttemptAt),
      soFar.lastAttemptAt === null ? null : new Date(soFar.lastAttemptAt),
      isLater ? null : new Date(now),
      next.is === 'over' ? next.reason : null,
      code,
    ]);
  }

  /** Deletes some sheets that were made before, and what is known of shelves from then. @returns how many sheets */
  async forget(before: EpochMs): Promise<number> {
    const [row] = await run<{ count: number }>(this.db, FORGET, [new Date(before)]);
    return row!.count;
  }
}

interface SheetKey {
  readonly storeCode: string;
  readonly date: LocalDate;
}

export const sheetKey = (storeCode: string, date: LocalDate): string => `${storeCode} ${date}`;

const msOrNull = (at: Date | null): EpochMs | null => at?.getTime() ?? null;

function leasedFrom(row: LeasedRow): LeasedSending {
  const { id, fence, channel, account, locale, title, content, was: status, tries } = row;
  return {
    ...{ id, fence, channel, account, storeCode: row.store_code },
    usefulUntil: row.useful_until.getTime(),
    text: { locale, title, content },
    soFar: {
      ...{ status, tries, lookUps: 0, mayBeRepeated: row.may_be_repeated },
      firstAttemptAt: msOrNull(row.first_attempt_at),
      lastAttemptAt: msOrNull(row.last_attempt_at),
    },
  };
}

const FIND = {
  name: 'day-sheet-find',
  text: `
    SELECT s.store_code AS "storeCode", s.local_date::text AS date, s.opens_at AS opens, s.locale,
           s.title, s.content, s.made_at AS "madeAt",
           (SELECT coalesce(json_agg(json_build_object('channel', channel, 'account', account,
                     'status', status, 'reason', reason, 'code', code,
                     'sentAt', CASE WHEN status IN ('ACCEPTED', 'DELIVERED')
                       THEN (extract(epoch FROM ended_at) * 1000)::bigint END)
                     ORDER BY channel, account), '[]')
              FROM day_sheet_sending d
             WHERE (d.store_code, d.local_date) = (s.store_code, s.local_date)) AS sendings
      FROM day_sheet s WHERE s.store_code = $1 AND s.local_date = $2::date`,
};

const MADE = {
  name: 'day-sheets-made',
  text: `
    SELECT s.store_code || ' ' || s.local_date AS key
      FROM unnest($1::text[], $2::date[]) AS given (store_code, local_date)
      JOIN day_sheet s USING (store_code, local_date)`,
};

const MAKE = {
  name: 'day-sheet-make',
  text: `
    WITH sheet AS (
      INSERT INTO day_sheet (store_code, local_date, opens_at, useful_until, locale, title, content, made_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (store_code, local_date) DO NOTHING
      RETURNING store_code, local_date, made_at
    ), sendings AS (
      INSERT INTO day_sheet_sending (id, store_code, local_date, channel, account, status, next_at)
      SELECT given.id, store_code, local_date, channel, account, 'CREATED', made_at
        FROM sheet, unnest($9::uuid[], $10::text[], $11::text[]) AS given (id, channel, account)
    )
    SELECT count(*)::int FROM sheet`,
};

/** SENDING with a lease that is over: its worker died, and nobody knows whether it was sent. */
const LEASE = {
  name: 'day-sheet-lease',
  text: `
    WITH due AS (
      SELECT id, status AS was FROM day_sheet_sending
       WHERE next_at <= $1 AND (leased_until IS NULL OR leased_until < clock_timestamp())
       ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    UPDATE day_sheet_sending d
       SET status = 'SENDING', fence = fence + 1,
           leased_until = clock_timestamp() + interval '60 seconds'
      FROM due JOIN day_sheet s ON true
     WHERE d.id = due.id AND (s.store_code, s.local_date) = (d.store_code, d.local_date)
    RETURNING d.id, d.fence, d.channel, d.account, d.store_code, s.useful_until, s.locale, s.title,
              s.content, due.was, d.tries, d.may_be_repeated, d.first_attempt_at, d.last_attempt_at`,
};

const PUT_OFF = {
  name: 'day-sheet-put-off',
  text: `UPDATE day_sheet_sending SET status = $3, next_at = $4, leased_until = NULL
          WHERE id = $1 AND fence = $2`,
};

const RECORD = {
  name: 'day-sheet-record',
  text: `
    UPDATE day_sheet_sending
       SET status = $3, tries = $4, may_be_repeated = $5, next_at = $6, first_attempt_at = $7,
           last_attempt_at = $8, ended_at = $9, reason = $10, code = $11, leased_until = NULL
     WHERE id = $1 AND fence = $2`,
};

const FORGET = {
  name: 'day-sheets-forget',
  text: `
    WITH old AS (
      SELECT store_code, local_date FROM day_sheet WHERE made_at < $1 LIMIT 1000
       FOR UPDATE SKIP LOCKED
    ), sent AS (
      DELETE FROM day_sheet_sending d USING old
       WHERE (d.store_code, d.local_date) = (old.store_code, old.local_date)
    ), checks AS (
      DELETE FROM shelf_check WHERE checked_at < $1
    ), gone AS (
      DELETE FROM day_sheet s USING old
       WHERE (s.store_code, s.local_date) = (old.store_code, old.local_date) RETURNING 1
    )
    SELECT count(*)::int FROM gone`,
};
