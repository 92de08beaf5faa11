import { describe, expect, it } from 'vitest';

import { isStillTrue } from '../../src/core/messages/clock-messages.ts';
import { CLOCK_KINDS } from '../../src/core/messages/kinds.ts';
import { messagesAfter, type Spread } from '../../src/core/messages/owed.ts';
import { DEFAULT_POLICY, type MessagePolicy } from '../../src/core/messages/policy.ts';
import type { OrderEventKind } from '../../src/core/orders/events.ts';
import type { OrderData } from '../../src/core/orders/order.ts';
import type { OrderStatus } from '../../src/core/orders/states.ts';
import { anOrder, twoStores } from '../support/message-facts.ts';
import { at, when, ZONE } from '../support/worked-network.ts';

const STORES = twoStores(ZONE);
const AT_ONCE: Spread = () => 0;

interface Case {
  readonly order?: OrderData;
  readonly event?: OrderEventKind;
  readonly now?: string;
  readonly policy?: Partial<MessagePolicy>;
  readonly spread?: Spread;
}

const booked = anOrder(at('Wed 14:00'), at('Fri 15:00'));
const inState = (status: OrderStatus, more: Partial<OrderData> = {}): OrderData => ({
  ...booked,
  status,
  ...more,
});

/** Each message as `KIND Wed 18:00`, in the order of their times; skipped ones with their reason. */
function owed({ order = booked, event = 'BOOKED', now = 'Mon 12:00', policy, spread }: Case) {
  const plan = messagesAfter(
    { kind: event, at: at(now) },
    order,
    STORES,
    { ...DEFAULT_POLICY, ...policy },
    spread ?? AT_ONCE,
  );
  return [...plan.owed]
    .sort((a, b) => a.dueAt - b.dueAt)
    .map(({ kind, dueAt, skip }) =>
      `${kind} ${new Date(dueAt).toISOString()} ${skip ?? ''}`.trim(),
    );
}

const expected = (...lines: readonly string[]): readonly string[] =>
  lines.map((line) => {
    const [kind, day, time, skip] = line.split(' ');
    return [kind, when(`${day} ${time}`), skip].filter(Boolean).join(' ');
  });

describe('what is owed after an event', () => {
  it.each<Case & { name: string; are: readonly string[] }>([
    {
      name: 'a booking: its news, both reminders, and what to say if nobody comes',
      are: [
        'ORDER_BOOKED Mon 12:00',
        'DROP_OFF_REMINDER Tue 18:00',
        'MISSED Wed 14:45',
        'PICK_UP_REMINDER Thu 18:00',
        'PICK_UP_DAY Fri 12:00',
      ],
    },
    {
      name: 'a booking on the evening before: no reminder of what was just booked',
      now: 'Tue 19:00',
      are: [
        'DROP_OFF_REMINDER Tue 18:00 PAST_WHEN_OWED',
        'ORDER_BOOKED Tue 19:00',
        'MISSED Wed 14:45',
        'PICK_UP_REMINDER Thu 18:00',
        'PICK_UP_DAY Fri 12:00',
      ],
    },
    {
      name: 'in the morning the store must be open first',
      order: { ...anOrder(at('Wed 14:00'), at('Fri 10:30')), status: 'RECEIVED' },
      event: 'RECEIVED',
      now: 'Wed 14:05',
      are: ['RECEIPT Wed 14:05', 'PICK_UP_REMINDER Thu 18:00', 'PICK_UP_DAY Fri 10:00'],
    },
    {
      name: 'both visits on one day: the reminder of the first says both',
      order: anOrder(at('Wed 11:00'), at('Wed 19:00')),
      are: [
        'ORDER_BOOKED Mon 12:00',
        'DROP_OFF_REMINDER Tue 18:00',
        'PICK_UP_REMINDER Tue 18:00 TOLD_WITH_DROP_OFF',
        'MISSED Wed 11:45',
        'PICK_UP_DAY Wed 16:00',
      ],
    },
    {
      name: 'ready: a ladder for those who do not come',
      order: inState('READY', { version: 5 }),
      event: 'READY',
      now: 'Fri 11:00',
      policy: { overdueDays: [1, 3] },
      are: [
        'PICK_UP_REMINDER Thu 18:00 PAST_WHEN_OWED',
        'READY Fri 11:00',
        'PICK_UP_DAY Fri 12:00',
        'MISSED Fri 15:45',
        'OVERDUE Sat 10:00',
        'OVERDUE Mon+1 10:00',
      ],
    },
    {
      name: 'cancelled: that alone',
      order: inState('CANCELLED'),
      event: 'CANCELLED',
      are: ['CANCELLED Mon 12:00'],
    },
    {
      name: 'collected: that alone',
      order: inState('COLLECTED'),
      event: 'COLLECTED',
      now: 'Fri 15:00',
      are: ['COLLECTED Fri 15:00'],
    },
    {
      name: 'not ready by the pick-up: a new promise instead of reminders',
      order: inState('IN_CARE', { promise: { ...booked.promise, readyBy: at('Sat 10:00') } }),
      event: 'REPROMISED',
      now: 'Thu 12:00',
      are: ['NEW_PROMISE Thu 12:00'],
    },
    {
      name: 'later, but still in time for the pick-up: nobody is told',
      order: inState('IN_CARE', { promise: { ...booked.promise, readyBy: at('Fri 14:59') } }),
      event: 'REPROMISED',
      now: 'Thu 12:00',
      are: ['PICK_UP_REMINDER Thu 18:00', 'PICK_UP_DAY Fri 12:00'],
    },
    {
      name: 'progress at night waits for the morning',
      order: inState('IN_CARE'),
      event: 'PROGRESSED',
      now: 'Thu 02:30',
      are: ['PROGRESS Thu 08:00', 'PICK_UP_REMINDER Thu 18:00', 'PICK_UP_DAY Fri 12:00'],
    },
    {
      name: 'a booking at night is confirmed at once',
      now: 'Mon 23:00',
      policy: { off: ['MISSED', 'DROP_OFF_REMINDER', 'PICK_UP_REMINDER', 'PICK_UP_DAY'] },
      are: ['ORDER_BOOKED Mon 23:00'],
    },
    {
      name: 'hours of one store go before those of the chain',
      policy: { stores: { A: { dropOffReminderAt: 17 * 60, pickUpReminderAt: 9 * 60 } } },
      are: [
        'ORDER_BOOKED Mon 12:00',
        'DROP_OFF_REMINDER Tue 17:00',
        'MISSED Wed 14:45',
        'PICK_UP_REMINDER Thu 18:00',
        'PICK_UP_DAY Fri 12:00',
      ],
    },
    {
      name: 'a reminder hour within quiet hours: at their end',
      policy: { dropOffReminderAt: 22 * 60, off: ['MISSED', 'PICK_UP_REMINDER', 'PICK_UP_DAY'] },
      are: ['ORDER_BOOKED Mon 12:00', 'DROP_OFF_REMINDER Wed 08:00'],
    },
    {
      name: 'whose end is too late: before they begin',
      order: anOrder(at('Wed 10:00'), at('Fri 15:00')),
      policy: {
        dropOffReminderAt: 22 * 60,
        off: ['MISSED', 'PICK_UP_REMINDER', 'PICK_UP_DAY'],
        dropOffReminderLeastMin: 180,
      },
      are: ['ORDER_BOOKED Mon 12:00', 'DROP_OFF_REMINDER Tue 20:50'],
    },
  ])('$name', ({ are, ...given }) => {
    expect(owed(given)).toEqual(expected(...are));
  });

  it('makes pending news needless that newer ones say', () => {
    const after = (kind: OrderEventKind, order: OrderData) =>
      messagesAfter({ kind, at: at('Tue 12:00') }, order, STORES, DEFAULT_POLICY, AT_ONCE)
        .recomputed;
    expect(after('BOOKED', booked)).toEqual([]);
    expect(after('MOVED', { ...booked, version: 2 })).toEqual(
      expect.arrayContaining(['ORDER_BOOKED', 'MOVED', ...CLOCK_KINDS]),
    );
    expect(after('CANCELLED', inState('CANCELLED'))).toEqual(
      expect.arrayContaining(['ORDER_BOOKED', 'MOVED', 'READY', 'NEW_PROMISE', ...CLOCK_KINDS]),
    );
    expect(after('PROGRESSED', inState('IN_CARE'))).not.toContain('RECEIPT');
  });
});

describe('a message that was owed', () => {
  const policy = DEFAULT_POLICY;

  it.each([
    { kind: 'PICK_UP_REMINDER', order: booked, now: 'Wed 14:45', isTrue: true },
    { kind: 'PICK_UP_REMINDER', order: booked, now: 'Wed 14:46', isTrue: false },
    { kind: 'PICK_UP_DAY', order: inState('IN_CARE'), now: 'Fri 12:00', isTrue: true },
    { kind: 'DROP_OFF_REMINDER', order: inState('RECEIVED'), now: 'Tue 18:00', isTrue: false },
    { kind: 'OVERDUE', order: inState('COLLECTED'), now: 'Sat 10:00', isTrue: false },
    { kind: 'MISSED', order: inState('IN_CARE'), now: 'Wed 14:45', isTrue: false },
    { kind: 'ORDER_BOOKED', order: inState('CANCELLED'), now: 'Mon 12:00', isTrue: false },
    { kind: 'CANCELLED', order: inState('CANCELLED'), now: 'Mon 12:00', isTrue: true },
  ] as const)(
    '$kind of an order $order.status at $now is true: $isTrue',
    ({ kind, order, now, isTrue }) => {
      expect(isStillTrue(kind, order, policy, at(now))).toBe(isTrue);
    },
  );
});
