import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { DecidedAs, FindingState } from '../../core/findings/finding.ts';
import type { Operation } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

/** Extra work that a workshop found on a pair, as offered to the customer. */
export interface FindingData {
  readonly id: string;
  readonly orderId: string;
  readonly pairId: string;
  /** Of the pair. */
  readonly tag: string;
  /** Position of its item in the order, from 1 on. */
  readonly item: number;
  readonly workshopCode: string;
  readonly state: FindingState;
  readonly explanation: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly operations: readonly Operation[];
  readonly mediaIds: readonly string[];
  /** As planned when it was reported; null: there was no way then. */
  readonly readyIfApproved: EpochMs | null;
  readonly readyIfDeclined: EpochMs | null;
  /** Of the order, right after it was reported. */
  readonly orderVersion: number;
  readonly reportedAt: EpochMs;
  readonly decideBy: EpochMs;
  /** When the customer is reminded; null: they were, or are not. */
  readonly remindAt: EpochMs | null;
  readonly question: string | null;
  readonly askedAt: EpochMs | null;
  readonly decidedAt: EpochMs | null;
  readonly decidedAs: DecidedAs | null;
}

type NewFinding = Omit<
  FindingData,
  'tag' | 'item' | 'state' | 'question' | 'askedAt' | 'decidedAt' | 'decidedAs'
>;

export interface DecidedFinding {
  readonly id: string;
  readonly state: 'APPROVED' | 'DECLINED';
  readonly by: string;
  readonly as: DecidedAs;
  readonly at: EpochMs;
}

type FindingRow = Omit<FindingData, InstantField> & Record<InstantField, string | number | null>;
type InstantField =
  | 'readyIfApproved'
  | 'readyIfDeclined'
  | 'reportedAt'
  | 'decideBy'
  | 'remindAt'
  | 'askedAt'
  | 'decidedAt';

/** The only code that writes findings. */
@Injectable()
export class FindingStore {
  constructor(private readonly db: DataSource) {}

  async insert(tx: EntityManager, finding: NewFinding, reportedBy: string): Promise<void> {
    const { reportedAt, decideBy, remindAt, readyIfApproved, readyIfDeclined } = finding;
    await run(tx, INSERT, [
      finding.id,
      finding.orderId,
      finding.pairId,
      finding.workshopCode,
      finding.explanation,
      finding.priceMinor,
      finding.currency,
      JSON.stringify(finding.operations),
      finding.mediaIds,
      instant(readyIfApproved),
      instant(readyIfDeclined),
      finding.orderVersion,
      instant(reportedAt),
      reportedBy,
      instant(decideBy),
      instant(remindAt),
    ]);
  }

  /** @throws Error if it was decided before: the version of its order keeps that from happening */
  async decide(tx: EntityManager, { id, state, by, as, at }: DecidedFinding): Promise<void> {
    const rows = await run(tx, DECIDE, [id, state, by, as, new Date(at)]);
    if (rows.length !== 1) throw new Error(`finding ${id} was decided twice`);
  }

  async ask(tx: EntityManager, id: string, question: string, at: EpochMs): Promise<void> {
    await run(tx, ASK, [id, question, new Date(at)]);
  }

  async reminded(tx: EntityManager, id: string): Promise<void> {
    await run(tx, REMINDED, [id]);
  }

  /** Null: there is none. Whoever asks makes sure that the caller may see its order. */
  async byId(id: string): Promise<FindingData | null> {
    if (!isUuid(id)) return null;
    const [row] = await run<FindingRow>(this.db, BY_ID, [id]);
    return row === undefined ? null : findingFrom(row);
  }

  /** The one that was reported with this version of an order. */
  async byVersion(orderId: string, version: number): Promise<FindingData | null> {
    const [row] = await run<FindingRow>(this.db, BY_VERSION, [orderId, version]);
    return row === undefined ? null : findingFrom(row);
  }

  /** When an order became this version. */
  async atVersion(orderId: string, version: number): Promise<EpochMs> {
    const [row] = await run<{ at: Date }>(this.db, AT_VERSION, [orderId, version]);
    return row!.at.getTime();
  }

  /** Of all these orders, oldest first, in one statement. */
  async ofOrders(orderIds: readonly string[]): Promise<readonly FindingData[]> {
    return (await run<FindingRow>(this.db, OF_ORDERS, [orderIds])).map(findingFrom);
  }

  /** The versions of its order with which the customer was told of a finding. */
  async toldWith(tx: EntityManager, { orderId, id }: FindingData): Promise<readonly number[]> {
    const rows = await run<{ version: number }>(tx, TOLD_WITH, [orderId, id]);
    return rows.map(({ version }) => version);
  }

  /**
   * Open findings whose time is over at `now`, or that are to be reminded of, in order of id.
   *
   * @param after the last one that was looked at; null: none
   */
  async due(
    what: 'DECIDE' | 'REMIND',
    now: EpochMs,
    after: string | null,
    most: number,
  ): Promise<readonly { readonly id: string; readonly orderId: string }[]> {
    const statement = what === 'DECIDE' ? OVERDUE : TO_REMIND;
    return run(this.db, statement, [new Date(now), after, most]);
  }
}

const instant = (at: EpochMs | null): Date | null => (at === null ? null : new Date(at));

const ms = (value: string | number | null): EpochMs | null =>
  value === null ? null : Number(value);

function findingFrom(row: FindingRow): FindingData {
  return {
    ...row,
    readyIfApproved: ms(row.readyIfApproved),
    readyIfDeclined: ms(row.readyIfDeclined),
    reportedAt: ms(row.reportedAt)!,
    decideBy: ms(row.decideBy)!,
    remindAt: ms(row.remindAt),
    askedAt: ms(row.askedAt),
    decidedAt: ms(row.decidedAt),
  };
}

const MS_OF = (column: string, name: string) =>
  `(extract(epoch FROM f.${column}) * 1000)::bigint AS "${name}"`;

const SELECT = `
  SELECT f.id, f.order_id AS "orderId", f.pair_id AS "pairId", p.tag, p.item,
         f.workshop_code AS "workshopCode", f.state, f.explanation, f.price_minor AS "priceMinor",
         f.currency, f.operations, f.media_ids::text[] AS "mediaIds",
         ${MS_OF('ready_if_approved', 'readyIfApproved')},
         ${MS_OF('ready_if_declined', 'readyIfDeclined')}, f.order_version AS "orderVersion",
         ${MS_OF('reported_at', 'reportedAt')}, ${MS_OF('decide_by', 'decideBy')},
         ${MS_OF('remind_at', 'remindAt')}, f.question, ${MS_OF('asked_at', 'askedAt')},
         ${MS_OF('decided_at', 'decidedAt')}, f.decided_as AS "decidedAs"
    FROM finding f JOIN pair p ON p.id = f.pair_id`;

const BY_ID = { name: 'finding-by-id', text: `${SELECT} WHERE f.id = $1` };

const BY_VERSION = {
  name: 'finding-by-version',
  text: `${SELECT} WHERE f.order_id = $1 AND f.order_version = $2`,
};

const AT_VERSION = {
  name: 'finding-at-version',
  text: `SELECT at FROM event WHERE order_id = $1 AND version = $2`,
};

const OF_ORDERS = {
  name: 'findings-of-orders',
  text: `${SELECT} WHERE f.order_id = ANY ($1::uuid[]) ORDER BY f.reported_at, f.id`,
};

const INSERT = {
  name: 'finding-insert',
  text: `
    INSERT INTO finding
      (id, order_id, pair_id, workshop_code, state, explanation, price_minor, currency, operations,
       media_ids, ready_if_approved, ready_if_declined, order_version, reported_at, reported_by,
       decide_by, remind_at)
    VALUES ($1, $2, $3, $4, 'OPEN', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
};

const DECIDE = {
  name: 'finding-decide',
  text: `UPDATE finding SET state = $2, decided_by = $3, decided_as = $4, decided_at = $5, remind_at = NULL
          WHERE id = $1 AND state = 'OPEN' RETURNING 1 AS decided`,
};

const ASK = {
  name: 'finding-ask',
  text: `UPDATE finding SET question = $2, asked_at = $3 WHERE id = $1`,
};

const REMINDED = {
  name: 'finding-reminded',
  text: `UPDATE finding SET remind_at = NULL WHERE id = $1`,
};

const TOLD_WITH = {
  name: 'finding-told-with',
  text: `SELECT version FROM event
          WHERE order_id = $1 AND kind IN ('FINDING_REPORTED', 'FINDING_REMINDED')
            AND details->>'findingId' = $2::text`,
};

const OVERDUE = {
  name: 'findings-overdue',
  text: `SELECT id, order_id AS "orderId" FROM finding
          WHERE state = 'OPEN' AND decide_by < $1 AND ($2::uuid IS NULL OR id > $2)
          ORDER BY id LIMIT $3`,
};

const TO_REMIND = {
  name: 'findings-to-remind',
  text: `SELECT id, order_id AS "orderId" FROM finding
          WHERE state = 'OPEN' AND remind_at <= $1 AND decide_by >= $1
            AND ($2::uuid IS NULL OR id > $2)
          ORDER BY id LIMIT $3`,
};
