import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { rankOf, type DeliveryStatus } from '../../core/messages/receipt-rank.ts';
import { broadcastState, type Target, type TargetState } from '../../core/messages/route.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { writeInstant } from '../../platform/graphql/instant-text.ts';
import { Grants, Receipts, Standings } from '../accounts/index.ts';
import type { DeliveryRecord } from './record.ts';

interface WrittenRow {
  readonly id: string;
  /** No receipt has said more meanwhile. */
  readonly is_as_told: boolean;
}

interface TargetRow extends Target {
  readonly status: DeliveryStatus;
  readonly is_over: boolean;
}

/** Writes what was found out about deliveries, each under the fence that its worker was given. */
@Injectable()
export class RecordWriter {
  constructor(
    private readonly db: DataSource,
    private readonly grants: Grants,
    private readonly standings: Standings,
    private readonly receipts: Receipts,
  ) {}

  /** @returns ids of those that were written; the others are no longer this process's to write */
  async write(records: readonly DeliveryRecord[], now: EpochMs): Promise<ReadonlySet<string>> {
    const isPlain = !records.some(needsMore);
    const written = isPlain
      ? await run<WrittenRow>(this.db, RECORD, [documentOf(records), new Date(now)])
      : await this.db.transaction((tx) => this.writeWithMore(tx, records, now));
    return new Set(written.map(({ id }) => id));
  }

  private async writeWithMore(
    tx: EntityManager,
    records: readonly DeliveryRecord[],
    now: EpochMs,
  ): Promise<readonly WrittenRow[]> {
    const rows = await run<WrittenRow>(tx, RECORD, [documentOf(records), new Date(now)]);
    const asTold = new Map(rows.map((row) => [row.id, row.is_as_told]));
    const written = records.filter(({ leased }) => asTold.has(leased.id));
    await this.grants.settle(
      tx,
      written.flatMap(({ grant, leased }) =>
        grant !== null && asTold.get(leased.id) === true ? [grant] : [],
      ),
      now,
    );
    const standings = written.flatMap(({ standing }) => standing ?? []);
    await this.standings.change(tx, standings);
    for (const { leased } of written) await this.settleBroadcast(tx, leased, now);
    const ids = written.filter((one) => one.hasReceipts).map(({ leased }) => leased.id);
    if (ids.length > 0) await this.receipts.applyPending(tx, ids);
    return rows;
  }

  /** Looks at all targets under the lock of the message, so that the last one to end sees the others. */
  async settleBroadcast(
    tx: EntityManager,
    { message, broadcast }: Pick<DeliveryRecord['leased'], 'message' | 'broadcast'>,
    now: EpochMs,
  ): Promise<void> {
    if (broadcast === null) return;
    await run(tx, LOCK_MESSAGE, [message.id]);
    const rows = await run<TargetRow>(tx, TARGETS, [message.id]);
    const stateOf = (target: Target): TargetState => {
      const row = rows.find(
        ({ channel, account }) => channel === target.channel && account === target.account,
      );
      return row === undefined ? 'MISSED' : targetState(row);
    };
    const state = broadcastState(broadcast, stateOf);
    if (state === null) return;
    const reason = state === 'FAILED' ? 'TARGETS_MISSED' : null;
    await run(tx, END_MESSAGE, [message.id, state, reason, new Date(now)]);
  }
}

function targetState({ status, is_over: isOver }: TargetRow): TargetState {
  if (status === 'ACCEPTED' || status === 'SENT' || status === 'DELIVERED') return 'REACHED';
  return isOver ? 'MISSED' : 'OPEN';
}

const needsMore = ({ grant, standing, hasReceipts, leased }: DeliveryRecord): boolean =>
  grant !== null || standing !== null || hasReceipts || leased.broadcast !== null;

/** One document for all: much cheaper to write than an array for each column. */
const documentOf = (records: readonly DeliveryRecord[]): string =>
  JSON.stringify(
    records.map((record) => ({
      id: record.leased.id,
      fence: record.leased.fence,
      status: record.status,
      rank: rankOf(record.status),
      messageId: record.leased.message.id,
      step: record.leased.message.step,
      settles: record.grant !== null,
      nextAt: record.nextAt === null ? null : writeInstant(record.nextAt),
      reason: record.reason,
      lookUps: record.lookUps,
      mayBeRepeated: record.mayBeRepeated,
      attempt: record.attempt,
      content: record.content,
      providerRef: record.providerRef,
      costMinor: record.costMinor,
      currency: record.currency,
      isOver: record.isOver,
      messageState: record.message?.state ?? null,
      messageReason: record.message?.reason ?? null,
    })),
  );

const RANK_NOW = `CASE d.status WHEN 'DELIVERED' THEN 4 WHEN 'FAILED' THEN 3 WHEN 'UNDELIVERED' THEN 3
  WHEN 'SENT' THEN 2 WHEN 'ACCEPTED' THEN 1 ELSE 0 END`;

/**
 * What a receipt has said meanwhile stays, and the delivery is looked at again because of it. A message
 * that has gone on to another step, or was withdrawn, stays as it is.
 */
const RECORD = {
  name: 'deliveries-record',
  text: `
    WITH told AS (
      SELECT * FROM json_to_recordset($1::json)
        AS t (id uuid, fence integer, status text, rank integer, reason text, "nextAt" timestamptz,
              "lookUps" smallint, "mayBeRepeated" boolean, attempt jsonb, content jsonb,
              "providerRef" text, "costMinor" integer, currency text, "isOver" boolean,
              settles boolean, "messageId" uuid, step smallint, "messageState" text,
              "messageReason" text)
    ), written AS (
      UPDATE delivery d
         SET status = CASE WHEN ${RANK_NOW} > t.rank THEN d.status ELSE t.status END,
             reason = CASE WHEN ${RANK_NOW} > t.rank THEN d.reason ELSE t.reason END,
             next_at = CASE WHEN ${RANK_NOW} > t.rank THEN $2 ELSE t."nextAt" END,
             ended_at = CASE WHEN ${RANK_NOW} > t.rank OR NOT t."isOver" THEN d.ended_at ELSE $2 END,
             grant_id = CASE WHEN ${RANK_NOW} > t.rank OR NOT t.settles THEN d.grant_id END,
             look_ups = t."lookUps", may_be_repeated = t."mayBeRepeated",
             attempts = CASE WHEN t.attempt IS NULL THEN d.attempts ELSE d.attempts || t.attempt END,
             first_attempt_at = coalesce(d.first_attempt_at, (t.attempt ->> 'at')::timestamptz),
             content = coalesce(d.content, t.content),
             provider_ref = coalesce(t."providerRef", d.provider_ref),
             cost_minor = d.cost_minor + t."costMinor", currency = coalesce(t.currency, d.currency),
             leased_until = NULL
        FROM told t WHERE d.id = t.id AND d.fence = t.fence
      RETURNING d.id, d.status = t.status AS is_as_told, t."messageId", t.step, t."messageState",
                t."messageReason"
    ), moved_on AS (
      UPDATE message m
         SET state = w."messageState", reason = w."messageReason",
             step = CASE WHEN w."messageState" = 'OWED' THEN m.step + 1 ELSE m.step END,
             due_at = CASE WHEN w."messageState" = 'OWED' THEN $2 ELSE m.due_at END,
             ended_at = CASE WHEN w."messageState" = 'OWED' THEN NULL ELSE $2 END
        FROM written w
       WHERE m.id = w."messageId" AND m.step = w.step AND w.is_as_told AND w."messageState" IS NOT NULL
         AND (m.state = 'OPEN' OR (m.state IN ('DONE', 'FAILED') AND m.state <> w."messageState"))
    )
    SELECT id, is_as_told FROM written`,
};

const LOCK_MESSAGE = {
  name: 'message-lock',
  text: `SELECT FROM message WHERE id = $1 FOR UPDATE`,
};

const TARGETS = {
  name: 'message-targets',
  text: `SELECT d.channel, d.account, d.status, d.next_at IS NULL AND d.leased_until IS NULL AS is_over
           FROM delivery d JOIN message m ON m.id = d.message_id
          WHERE m.id = $1 AND d.created_at >= m.owed_at
          ORDER BY d.id`,
};

const END_MESSAGE = {
  name: 'message-end',
  text: `UPDATE message SET state = $2, reason = $3, ended_at = $4
          WHERE id = $1 AND state IN ('OPEN', 'DONE', 'FAILED') AND state <> $2`,
};
