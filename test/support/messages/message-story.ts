import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';

import type { OutgoingMessage, SendOutcome } from '../../../src/channels/channel.ts';
import type { NetworkInput } from '../../../src/core/network/network-input.ts';
import type { OrderData } from '../../../src/core/orders/order.ts';
import type { ProgressKind } from '../../../src/core/orders/progress.ts';
import { BookOrder } from '../../../src/features/orders/index.ts';
import { CancelOrder } from '../../../src/features/orders/cancel-order.service.ts';
import { MoveAppointment } from '../../../src/features/orders/move-appointment.service.ts';
import { RecordProgress } from '../../../src/features/orders/record-progress.service.ts';
import { FollowPolicy } from '../../../src/features/policy/index.ts';
import type { SignedInCaller } from '../../../src/platform/signin/caller.ts';
import { FakeChannel } from '../fake-channel.ts';
import { anAccount, deliver } from '../messaging.ts';
import { Random } from '../random.ts';
import { startService, type TestService } from '../service.ts';
import { aLine, aStore, aWorkshop, DAILY } from '../worked-network.ts';
import { MessageMonitor, type Violation } from './message-monitor.ts';
import {
  DAY,
  FIRST_RULES,
  HOUR,
  MINUTE,
  onDate,
  type Happening,
  type KnownStore,
  type Rules,
} from './message-rules.ts';

const HQ: SignedInCaller = { role: 'hq', id: 'hq' };
const PLENTY = 100_000;
/** The overdue ladder, and some days. */
const TO_THE_END_MS = 36 * DAY;

/** Monday in the week in which New York puts its clocks back. */
export const STORY_BEGINS = Date.UTC(2030, 9, 28);

const NEW_YORK = 'America/New_York';
const STORES: ReadonlyMap<string, KnownStore> = new Map([
  ['A', { zone: 'Asia/Shanghai', opens: '10:00' }],
  ['B', { zone: 'Asia/Shanghai', opens: '10:00' }],
  ['N', { zone: NEW_YORK, opens: '10:00' }],
]);

/** From A to B by the hub, a day later; at N on the same day, by a workshop in the store. */
function storyNetwork(): NetworkInput {
  const plenty = { counter: { visits: PLENTY } };
  const hub = aWorkshop(PLENTY);
  return {
    stores: [aStore('A', plenty), aStore('B', plenty), aStore('N', plenty, { timeZone: NEW_YORK })],
    workshops: [
      hub,
      {
        ...hub,
        ...{ code: 'WN', name: 'Workshop N', storeCode: 'N', timeZone: NEW_YORK },
        shifts: [
          { ...hub.shifts[0]!, days: DAILY, starts: '10:00', ends: '14:00', intakeCutOff: '12:00' },
          { ...hub.shifts[0]!, days: DAILY, starts: '14:00', ends: '18:00', intakeCutOff: '16:00' },
        ],
      },
    ],
    services: [
      {
        ...{ code: 'clean', name: 'clean', priceMinor: 9_900, currency: 'CNY' },
        operations: [{ skill: 'clean', units: 1, dwellMinutes: 0 }],
      },
    ],
    lines: [
      aLine('A-W', ['14:00', '20:30'], 60, PLENTY),
      aLine('W-B', ['09:00', '18:30'], 90, PLENTY),
    ],
  };
}

/** The service with one channel, on which everything is watched. */
export class MessageStory {
  monitor = new MessageMonitor(STORES, FIRST_RULES);
  private readonly orders = new Map<string, OrderData>();
  /** A policy that was changed is followed. */
  isFollowed = true;
  private rules = FIRST_RULES;

  private constructor(readonly service: TestService) {}

  static async start(): Promise<MessageStory> {
    const channel = new FakeChannel('mail');
    const service = await startService({
      network: storyNetwork(),
      channels: [channel],
      now: STORY_BEGINS,
    });
    await anAccount(service, 'mail');
    const story = new MessageStory(service);
    channel.always = (message) => story.sent(message);
    return story;
  }

  /** All orders of before are forgotten, and it is the first Monday again. */
  async begin(rules: Rules = FIRST_RULES): Promise<void> {
    const { service } = this;
    await service.rows(
      `UPDATE message SET state = 'SKIPPED', reason = 'TEST' WHERE state = 'OWED'`,
    );
    await service.rows(`UPDATE customer_order SET status = 'CANCELLED'`);
    service.clock.set(STORY_BEGINS);
    this.orders.clear();
    this.monitor = new MessageMonitor(STORES, rules);
    this.monitor.pass(STORY_BEGINS);
    await this.rule(rules);
  }

  /** A whole story, its last ladder climbed. @returns what was not as the policy demands */
  async tell(seed: number, steps: number): Promise<readonly Violation[]> {
    const random = new Random(seed);
    await this.begin();
    for (let step = 0; step < steps; step += 1) {
      await this.happen(random);
      await this.goOn(aPause(random));
    }
    await this.goOn(TO_THE_END_MS);
    return this.monitor.violations;
  }

  /** Goes through the hours, with whatever is due at its very moment. */
  async goOn(byMs: number): Promise<void> {
    const { clock } = this.service;
    const end = clock.now() + byMs;
    for (;;) {
      const next = await this.nextDue();
      if (next === null || next > end) break;
      await this.comeTo(Math.max(next, clock.now()));
    }
    await this.comeTo(end);
  }

  async rule(rules: Rules): Promise<void> {
    const { service } = this;
    const { setMessagePolicy } = await service.data<{ setMessagePolicy: { __typename: string } }>(
      `mutation ($input: MessagePolicyInput!) { setMessagePolicy(input: $input) { __typename } }`,
      { input: rules },
      service.tokens.hq,
    );
    if (setMessagePolicy.__typename !== 'MessagePolicy') throw new Error(JSON.stringify(rules));
    this.rules = rules;
    this.monitor.ruledBy(rules);
    if (this.isFollowed) await service.app.get(FollowPolicy, { strict: false }).run();
    await deliver(service);
  }

  /** One thing of all that may happen, or nothing, if it may not. */
  async happen(random: Random): Promise<void> {
    const { orders } = this;
    const roll = random.next();
    if (orders.size === 0 || roll < 0.2) return this.book(random);
    const order = random.pick([...orders.values()]);
    if (roll < 0.32) return this.rule(otherRules(this.rules, random));
    if (order.status === 'BOOKED') return this.happenBefore(order, random);
    if (roll < 0.5) return this.repromise(order, random);
    if (roll < 0.66) return this.progress(order, 'PROGRESSED', random);
    if (roll < 0.72) return this.progress(order, 'FINDING_REPORTED');
    return this.progress(order, order.status === 'READY' ? 'COLLECTED' : 'READY');
  }

  /** While the goods are with the customer. */
  private async happenBefore(order: OrderData, random: Random): Promise<void> {
    const roll = random.next();
    if (roll < 0.4) return this.move(order, random);
    if (roll < 0.47) return this.cancel(order);
    if (roll < 0.6) return this.repromise(order, random);
    const isDay = order.dropOff.start <= this.service.clock.now();
    if (isDay || random.chance(0.3)) await this.progress(order, 'RECEIVED');
  }

  private async nextDue(): Promise<number | null> {
    const [row] = await this.service.rows<{ at: Date | null }>(
      `SELECT least((SELECT min(due_at) FROM message WHERE state = 'OWED'),
                    (SELECT min(next_at) FROM delivery)) AS at`,
    );
    return row!.at?.getTime() ?? null;
  }

  private async comeTo(instant: number): Promise<void> {
    this.service.clock.set(instant);
    this.monitor.pass(instant);
    await deliver(this.service);
  }

  private sent({ content: { kind, fields } }: OutgoingMessage<unknown>): SendOutcome {
    const [orderId, pickUpAt, dropOffAt, readyAt] = [
      'orderId',
      'pickUpAt',
      'dropOffAt',
      'readyAt',
    ].map((name) => fields[name]!);
    this.monitor.sent({
      ...{ kind, orderId: orderId!, pickUpAt: pickUpAt!, dropOffAt: dropOffAt!, readyAt: readyAt! },
    });
    return { outcome: 'accepted', providerRef: null };
  }

  private async book(random: Random): Promise<void> {
    const isFast = random.chance(0.4);
    const [from, to] = isFast ? (['N', 'N'] as const) : (['A', 'B'] as const);
    const dropOff = this.aSlot(from, this.service.clock.now(), random.int(0, 3), random);
    const pickUp = this.aSlot(to, dropOff.start, random.int(isFast ? 0 : 1, 5), random);
    const id = randomUUID();
    const booked = await this.service.app.get(BookOrder, { strict: false }).run({
      ...{ caller: HQ, requestKey: id, dropOff, pickUp, holdId: null },
      customer: { name: 'Mei', phone: null, email: `m-${id}@example.com`, locale: null },
      items: [{ description: 'AJ1', serviceCodes: ['clean'], pairs: 1 }],
    });
    await this.changed('BOOKED', booked);
  }

  private async move(order: OrderData, random: Random): Promise<void> {
    const visit = random.pick([order.dropOff, order.pickUp]);
    const to = this.aSlot(visit.storeCode, visit.start, random.int(-1, 3), random);
    const moved = await this.service.app.get(MoveAppointment, { strict: false }).run({
      ...{ caller: HQ, requestKey: randomUUID(), expectedVersion: order.version },
      ...{ appointmentId: visit.id, to },
    });
    await this.changed('MOVED', moved);
  }

  private async cancel({ id: orderId, version: expectedVersion }: OrderData): Promise<void> {
    const request = {
      caller: HQ,
      requestKey: randomUUID(),
      orderId,
      expectedVersion,
      reason: null,
    };
    const cancelled = await this.service.app.get(CancelOrder, { strict: false }).run(request);
    await this.changed('CANCELLED', cancelled);
  }

  /** Later than the pick-up, or back in time for it. */
  private async repromise(order: OrderData, random: Random): Promise<void> {
    const byMs = random.chance(0.6) ? random.int(1, 30) * HOUR : -random.int(0, 6) * HOUR;
    const promise = { ...order.promise, readyBy: order.pickUp.start + byMs };
    await this.record(order, { kind: 'REPROMISED', promise });
  }

  private progress(
    order: OrderData,
    kind: ProgressKind & Happening,
    random?: Random,
  ): Promise<void> {
    const status = random?.pick([undefined, 'IN_TRANSIT', 'IN_CARE'] as const);
    return this.record(order, { kind, ...(status === undefined ? {} : { status }) });
  }

  private async record(
    { id: orderId }: OrderData,
    what: Pick<Parameters<RecordProgress['run']>[0], 'status' | 'promise'> & {
      readonly kind: ProgressKind & Happening;
    },
  ): Promise<void> {
    const request = { caller: HQ, requestKey: randomUUID(), orderId, ...what };
    const recorded = await this.service.app.get(RecordProgress, { strict: false }).run(request);
    await this.changed(what.kind, recorded);
  }

  private async changed(
    what: Happening,
    result: { readonly ok: boolean; readonly value?: OrderData },
  ): Promise<void> {
    const { value: order } = result;
    if (!result.ok || order === undefined) return;
    if (order.status === 'CANCELLED' || order.status === 'COLLECTED') this.orders.delete(order.id);
    else this.orders.set(order.id, order);
    this.monitor.happened(what, order);
    await deliver(this.service);
  }

  private aSlot(storeCode: string, near: number, days: number, random: Random) {
    const minute = random.int(20, 41) * 30;
    const time = DateTime.fromObject({ hour: Math.floor(minute / 60), minute: minute % 60 });
    const { zone } = STORES.get(storeCode)!;
    return { storeCode, start: onDate(near, days, time.toFormat('HH:mm'), zone) };
  }
}

/** One thing of a policy, changed. */
function otherRules(rules: Rules, random: Random): Rules {
  const changes: readonly Partial<Rules>[] = [
    { dropOffReminderAt: random.pick(['18:00', '16:30', '21:30']) },
    { dropOffReminderLeastMinutes: random.pick([120, 1080]) },
    { pickUpReminderAt: random.pick(['18:00', '12:00', '20:30']) },
    { pickUpDayLeadMinutes: random.pick([180, 60]) },
    { graceMinutes: random.pick([15, 45]) },
    { overdueDays: random.pick([[1, 3, 7, 14, 30], [2, 5], []]) },
    { overdueAt: random.pick(['10:00', '11:30']) },
    {
      quietHours: random.pick([
        { from: '21:00', to: '08:00' },
        { from: '20:00', to: '09:00' },
        { from: '22:30', to: '07:00' },
        null,
      ]),
    },
    { off: random.pick([[], ['PICK_UP_DAY'], ['PROGRESS', 'MISSED'], ['OVERDUE', 'READY']]) },
  ];
  return { ...rules, ...random.pick(changes) };
}

/** How long the next thing is waited for: mostly minutes or hours, at times days. */
function aPause(random: Random): number {
  const roll = random.next();
  if (roll < 0.3) return random.int(1, 59) * MINUTE;
  if (roll < 0.8) return random.int(1, 20) * HOUR + random.int(0, 59) * MINUTE;
  return random.int(1, 4) * DAY;
}
