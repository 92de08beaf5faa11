import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { writeInstant } from '../../platform/graphql/instant-text.ts';
import type { Account } from '../accounts/index.ts';
import type { DueMessage } from './due-messages.ts';
import { LEASE_SEC } from './leased-delivery.ts';

/** A step of a route that was not taken, and why. */
export interface PassedOver {
  readonly channel: string;
  readonly account: string;
  readonly reason: string;
}

/** What becomes of a message that was due. */
export interface DecidedMessage {
  readonly message: DueMessage;
  readonly state: 'OWED' | 'OPEN' | 'DONE' | 'SKIPPED' | 'FAILED';
  readonly reason: string | null;
  /** null: it stays. */
  readonly dueAt: EpochMs | null;
  readonly passedOver: readonly PassedOver[];
}

/** A delivery that is begun. */
export interface NewDelivery {
  readonly id: string;
  readonly message: DueMessage;
  readonly account: Account;
  readonly way: string;
  readonly address: unknown;
  readonly addressKey: string;
  readonly grantId: string | null;
  /** CREATED: whoever has it says by a write of its own that it begins. */
  readonly status: 'CREATED' | 'SENDING';
  /** Not leased: left for whoever has room, from then on. */
  readonly parkedUntil: EpochMs | null;
}

/** Writes what was decided about due messages. */
@Injectable()
export class OpenedWriter {
  /** All of a round in two statements at most, whatever their number. */
  async write(
    tx: EntityManager,
    decided: readonly DecidedMessage[],
    opened: readonly NewDelivery[],
    now: EpochMs,
  ): Promise<void> {
    const told = [toldDocument(decided), new Date(now)];
    if (opened.length === 0) await run(tx, DECIDE, told);
    else await run(tx, OPEN, [...told, openedDocument(opened, now)]);
    await this.askStaff(tx, decided, now);
  }

  /** Somebody who can be reached on no channel is called, or told at the counter. */
  private async askStaff(
    tx: EntityManager,
    decided: readonly DecidedMessage[],
    now: EpochMs,
  ): Promise<void> {
    const failed = decided.filter(
      ({ state, reason }) => state === 'FAILED' && isUnreachable(reason),
    );
    if (failed.length === 0) return;
    await run(tx, ASK_STAFF, [
      failed.map(() => newId()),
      failed.map(({ message }) => message.order.pickUp.storeCode),
      failed.map(({ message }) => message.order.id),
      failed.map(({ message }) => message.id),
      failed.map(({ reason }) => reason),
      new Date(now),
    ]);
  }
}

const UNREACHABLE = new Set(['NO_ADDRESS', 'ADDRESS_INVALID', 'NO_CONSENT']);

const isUnreachable = (reason: string | null): boolean =>
  reason !== null && UNREACHABLE.has(reason);

/** One document for all: much cheaper to write than an array for each column. */
const toldDocument = (decided: readonly DecidedMessage[]): string =>
  JSON.stringify(
    decided.map(({ message, state, reason, dueAt, passedOver }) => ({
      id: message.id,
      state,
      reason,
      dueAt: dueAt === null ? null : new Date(dueAt),
      passedOver: passedOver.length === 0 ? null : passedOver,
    })),
  );

function openedDocument(opened: readonly NewDelivery[], now: EpochMs): string {
  const leaseEnd = writeInstant(now + LEASE_SEC * 1000);
  return JSON.stringify(
    opened.map((delivery) => ({
      id: delivery.id,
      messageId: delivery.message.id,
      step: delivery.message.step,
      channel: delivery.account.channel.descriptor.name,
      account: delivery.account.account,
      version: delivery.account.version,
      way: delivery.way,
      address: delivery.address,
      addressKey: delivery.addressKey,
      status: delivery.status,
      grantId: delivery.grantId,
      leaseSec: delivery.parkedUntil === null ? LEASE_SEC : null,
      nextAt: delivery.parkedUntil === null ? leaseEnd : writeInstant(delivery.parkedUntil),
    })),
  );
}

const TOLD = `
  UPDATE message m
     SET state = g.state, reason = g.reason, due_at = coalesce(g."dueAt", m.due_at),
         passed_over = g."passedOver",
         ended_at = CASE WHEN g.state NOT IN ('OWED', 'OPEN') THEN $2::timestamptz END
    FROM json_to_recordset($1::json)
           AS g (id uuid, state text, reason text, "dueAt" timestamptz, "passedOver" jsonb)
   WHERE m.id = g.id`;

const DECIDE = { name: 'messages-decide', text: TOLD };

/** The lease runs by the database's clock; `next_at`, by that of the service, is when to look after it. */
const OPEN = {
  name: 'messages-open',
  text: `WITH told AS (${TOLD})
         INSERT INTO delivery (id, message_id, step, channel, account, account_version, way, address,
                               address_key, status, grant_id, leased_until, next_at, created_at)
         SELECT id, "messageId", step, channel, account, version, way, address, "addressKey", status,
                "grantId", clock_timestamp() + make_interval(secs => "leaseSec"), "nextAt", $2
           FROM json_to_recordset($3::json)
             AS g (id uuid, "messageId" uuid, step smallint, channel text, account text,
                   version integer, way text, address jsonb, "addressKey" text, status text,
                   "grantId" uuid, "leaseSec" integer, "nextAt" timestamptz)`,
};

const ASK_STAFF = {
  name: 'staff-task-call',
  text: `INSERT INTO staff_task (id, store_code, kind, order_id, cause, reason, created_at)
         SELECT id, store_code, 'CALL_CUSTOMER', order_id, cause, reason, $6
           FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[])
             AS g (id, store_code, order_id, cause, reason)
         ON CONFLICT ON CONSTRAINT uq_staff_task_cause DO UPDATE
            SET done_at = NULL, done_by = NULL, reason = excluded.reason,
                created_at = excluded.created_at
          WHERE staff_task.done_at IS NOT NULL`,
};
