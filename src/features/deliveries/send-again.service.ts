import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import type { Contact } from '../../platform/signin/caller.ts';
import { Standings } from '../accounts/index.ts';
import { contentHash, RequestKeys, type KeyedRequest } from '../orders/index.ts';
import {
  MessageRecords,
  type MessageRecord,
  type MessageState,
  type StoreCaller,
} from './message-records.ts';
import { Preferences } from './preferences.service.ts';

export interface SendAgainRequest {
  readonly caller: StoreCaller;
  readonly requestKey: string;
  readonly messageId: string;
  /** What is changed before; null: nothing. */
  readonly mend: Mending | null;
}

/** How the customer of a message is reached from now on. */
export interface Mending {
  readonly contact: Contact | null;
  /** Liked best from now on. */
  readonly channel: string | null;
}

export type SendAgainRefusal =
  | {
      readonly code: 'UNKNOWN_MESSAGE' | 'REQUEST_KEY_REUSED' | 'CONTACT_TAKEN' | 'UNKNOWN_CHANNEL';
    }
  | { readonly code: 'MESSAGE_NOT_OVER'; readonly state: MessageState };

/** What is sent again is of use for this long, though it may have become useless before. */
const LEAST_USE_MS = 2 * 3_600_000;

type Sent = Result<null, SendAgainRefusal>;

/** Rolls back what was written before a refusal. */
class Refused extends Error {
  constructor(readonly refusal: SendAgainRefusal) {
    super(refusal.code);
  }
}

/** Owes messages that are over once more, each request once. */
@Injectable()
export class SendAgain {
  constructor(
    private readonly db: DataSource,
    private readonly records: MessageRecords,
    private readonly keys: RequestKeys,
    private readonly preferences: Preferences,
    private readonly standings: Standings,
    private readonly clock: Clock,
  ) {}

  async run(request: SendAgainRequest): Promise<Result<MessageRecord, SendAgainRefusal>> {
    const { messageId, caller } = request;
    const record = await this.records.one(messageId, caller);
    if (record === null) return refuse({ code: 'UNKNOWN_MESSAGE' });
    const sent = await this.send(request, record);
    if (!sent.ok) return sent;
    return ok((await this.records.one(messageId, caller))!);
  }

  private async send(request: SendAgainRequest, record: MessageRecord): Promise<Sent> {
    const { caller, requestKey: key, messageId, mend } = request;
    const hash = contentHash('sendMessageAgain', { messageId, mend });
    const keyed = { caller: caller.id, key, contentHash: hash };
    try {
      const isFirst = await this.db.transaction((tx) => this.write(tx, keyed, request, record));
      if (isFirst) return ok(null);
      // Outside the transaction: whoever is in one must not wait for a second connection.
      const earlier = await this.keys.find(keyed);
      return earlier?.contentHash === hash ? ok(null) : refuse({ code: 'REQUEST_KEY_REUSED' });
    } catch (fault) {
      if (fault instanceof Refused) return refuse(fault.refusal);
      throw fault;
    }
  }

  /** @returns false: the request key was used before, and nothing was written */
  private async write(
    tx: EntityManager,
    keyed: KeyedRequest,
    { messageId, mend }: SendAgainRequest,
    { customerId, orderId }: MessageRecord,
  ): Promise<boolean> {
    if (!(await this.keys.open(tx, keyed, messageId))) return false;
    if (mend !== null) await this.mend(tx, customerId, mend);
    const now = new Date(this.clock.now());
    const until = new Date(now.getTime() + LEAST_USE_MS);
    const [owed] = await run<{ is_owed: boolean; state: MessageState }>(tx, OWE_AGAIN, [
      ...[messageId, now, until],
    ]);
    if (!owed!.is_owed) throw new Refused({ code: 'MESSAGE_NOT_OVER', state: owed!.state });
    // An address that failed once is tried again, and who was to call the customer need not.
    await this.standings.restore(tx, customerId);
    await run(tx, END_TASK, [orderId, messageId, now, keyed.caller]);
    return true;
  }

  private async mend(
    tx: EntityManager,
    customerId: string,
    { contact, channel }: Mending,
  ): Promise<void> {
    const refusal = await this.preferences.mend(tx, customerId, contact, channel);
    if (refusal !== null) throw new Refused({ code: refusal });
  }
}

/** Deliveries from before `owed_at` are no steps of the route that begins now. */
const OWE_AGAIN = {
  name: 'message-owe-again',
  text: `WITH before AS (
           SELECT id, state FROM message WHERE id = $1 FOR UPDATE
         ), owed AS (
           UPDATE message m
              SET state = 'OWED', reason = NULL, step = 0, due_at = $2, owed_at = $2, ended_at = NULL,
                  useful_until = greatest(m.useful_until, $3::timestamptz), passed_over = NULL
             FROM before b WHERE m.id = b.id AND b.state NOT IN ('OWED', 'OPEN')
           RETURNING m.id
         )
         SELECT EXISTS (SELECT FROM owed) AS is_owed, state FROM before`,
};

const END_TASK = {
  name: 'staff-task-end',
  text: `UPDATE staff_task SET done_at = $3, done_by = $4
          WHERE order_id = $1 AND kind = 'CALL_CUSTOMER' AND cause = $2::text AND done_at IS NULL`,
};
