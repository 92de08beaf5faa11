import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';

import { DEFAULT_POLICY, type MessagePolicy } from '../../src/core/messages/policy.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import { AccountStore } from '../../src/features/accounts/account-store.ts';
import { Accounts } from '../../src/features/accounts/index.ts';
import { Messenger } from '../../src/features/deliveries/index.ts';
import { MessagePolicies } from '../../src/features/messages/index.ts';
import { aBooking, bookOrder, type BookingParts, type OrderAnswer } from './bookings.ts';
import type { FakeChannel } from './fake-channel.ts';
import { MONDAY_MORNING, type TestService } from './service.ts';

/** A message as it is stored. */
export interface StoredMessage {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly reason: string | null;
  readonly step: number;
  readonly due_at: Date;
  readonly passed_over: readonly object[] | null;
}

/** A delivery as it is stored. */
export interface StoredDelivery {
  readonly id: string;
  readonly message_id: string;
  readonly channel: string;
  readonly status: string;
  readonly reason: string | null;
  readonly attempts: readonly { readonly outcome: string; readonly code: string | null }[];
  readonly fence: number;
  readonly may_be_repeated: boolean;
  readonly grant_id: string | null;
  readonly cost_minor: number;
  readonly is_late: boolean;
}

export const messengerOf = ({ app }: TestService): Messenger =>
  app.get(Messenger, { strict: false });

/** Works until nothing is due. */
export const deliver = (service: TestService): Promise<number> => messengerOf(service).run();

/** Nothing is pending, no channel has sent anything, and it is Monday morning. */
export async function startQuiet(
  service: TestService,
  channels: readonly FakeChannel[],
): Promise<void> {
  service.clock.set(MONDAY_MORNING);
  for (const channel of channels) channel.forget();
  await service.rows(`UPDATE message SET state = 'SKIPPED', reason = 'TEST'
                       WHERE state IN ('OWED', 'OPEN')`);
  await service.rows(`UPDATE delivery SET next_at = NULL, leased_until = NULL`);
  await service.rows(`DELETE FROM channel_rate`);
  await service.rows(`DELETE FROM message_policy`);
  await service.rows(`UPDATE chain SET version = version + 1`);
}

/** Books for somebody new, whose news of the booking is not waited for. */
export async function aQuietOrder(
  service: TestService,
  parts: BookingParts = {},
): Promise<OrderAnswer> {
  const email = `m-${randomUUID()}@example.com`;
  const customer = { name: 'Mei Lin', email, ...parts.customer };
  const order = await bookOrder(service, aBooking({ ...parts, customer }));
  if (order.__typename !== 'Order') throw new Error(JSON.stringify(order));
  await service.rows(`DELETE FROM message WHERE order_id = $1`, [order.id]);
  return order;
}

interface OwedParts {
  readonly kind?: string;
  readonly occasion?: string;
  readonly version?: number;
  readonly dueAt?: EpochMs;
  readonly usefulForMs?: number;
}

/** Owes a message of an order, due now and of use for six hours unless told otherwise. */
export async function owe(
  service: TestService,
  orderId: string,
  parts: OwedParts = {},
): Promise<string> {
  const id = randomUUID();
  const { kind = 'RECEIPT', occasion = id, version = 1, dueAt = service.clock.now() } = parts;
  const until = dueAt + (parts.usefulForMs ?? 6 * 3_600_000);
  await service.rows(
    `INSERT INTO message (id, order_id, kind, occasion, order_version, state, planned_at, due_at,
                          useful_until, owed_at)
     VALUES ($1, $2, $3, $4, $5, 'OWED', $6, $6, $7, $6)`,
    [id, orderId, kind, occasion, version, new Date(dueAt), new Date(until)],
  );
  return id;
}

export async function messageOf(service: TestService, id: string): Promise<StoredMessage> {
  const [row] = await service.rows<StoredMessage>(`SELECT * FROM message WHERE id = $1`, [id]);
  return row!;
}

/** In the order in which they were begun. */
export const deliveriesOf = (service: TestService, messageId: string): Promise<StoredDelivery[]> =>
  service.rows<StoredDelivery>(`SELECT * FROM delivery WHERE message_id = $1 ORDER BY step, id`, [
    messageId,
  ]);

/** The policy from now on, as far as it is not the one that the service brings. */
export async function setPolicy(
  { app, clock }: TestService,
  policy: Partial<MessagePolicy>,
): Promise<void> {
  const policies = app.get(MessagePolicies, { strict: false });
  await app
    .get(DataSource, { strict: false })
    .transaction((tx) => policies.replace(tx, { ...DEFAULT_POLICY, ...policy }, clock.now()));
}

/** As if the worker that has it had died long ago. */
export async function loseWorker(service: TestService, deliveryId: string): Promise<void> {
  await service.rows(
    `UPDATE delivery SET leased_until = clock_timestamp() - interval '1 second' WHERE id = $1`,
    [deliveryId],
  );
  service.clock.advance(30_000);
}

interface AccountParts {
  readonly account?: string;
  readonly isEnabled?: boolean;
  readonly costMinor?: number;
  readonly perSecond?: number | null;
}

/** Makes an account of a channel without settings, or changes it. */
export async function anAccount(
  { app, clock }: TestService,
  channel: string,
  parts: AccountParts = {},
): Promise<void> {
  const store = app.get(AccountStore, { strict: false });
  const { account = 'default', isEnabled = true, costMinor = 0, perSecond = null } = parts;
  const change = { channel, account, settings: {}, secrets: {}, isEnabled, costMinor, perSecond };
  const currency = costMinor > 0 ? 'CNY' : null;
  await app
    .get(DataSource, { strict: false })
    .transaction((tx) => store.put(tx, { ...change, currency }, clock.now()));
  app.get(Accounts, { strict: false }).forget();
}
