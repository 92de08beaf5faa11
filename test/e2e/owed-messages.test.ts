import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { FollowPolicy } from '../../src/features/policy/index.ts';
import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  moveAppointment,
  startOver,
  type OrderAnswer,
} from '../support/bookings.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  await startOver(service, workedNetwork());
  await service.db.query('DELETE FROM message_policy');
  await setPolicy({ off: [] });
  await service.app.get(FollowPolicy, { strict: false }).run();
});

interface Owed {
  readonly kind: string;
  readonly state: string;
  readonly planned_at: Date;
  readonly reason: string | null;
}

/** As `KIND STATE`, with its reason, in the order of their times. */
async function messagesOf(order: OrderAnswer): Promise<readonly string[]> {
  const { rows } = await service.db.query<Owed>(
    'SELECT kind, state, planned_at, reason FROM message WHERE order_id = $1 ORDER BY planned_at, kind',
    [order.id],
  );
  return rows.map(({ kind, state, reason }) => [kind, state, reason].filter(Boolean).join(' '));
}

async function plannedAt(order: OrderAnswer, kind: string): Promise<number> {
  const { rows } = await service.db.query<Owed>(
    `SELECT planned_at FROM message WHERE order_id = $1 AND kind = $2 AND state = 'OWED'`,
    [order.id, kind],
  );
  expect(rows).toHaveLength(1);
  return rows[0]!.planned_at.getTime();
}

const POLICY = `__typename
  ... on MessagePolicy { pickUpReminderAt quietHours { from to } off overdueDays isSettled
    stores { storeCode pickUpReminderAt } routes { kind route { mode needsAll steps { channel account advance { on withinSeconds } } } } }
  ... on InvalidMessagePolicy { code problems { path message } }`;

interface PolicyAnswer {
  readonly __typename: string;
  readonly isSettled: boolean;
  readonly pickUpReminderAt: string;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

async function setPolicy(input: object, token = service.tokens.hq): Promise<PolicyAnswer> {
  const mutation = `mutation ($input: MessagePolicyInput!) { setMessagePolicy(input: $input) { ${POLICY} } }`;
  return (await service.data<{ setMessagePolicy: PolicyAnswer }>(mutation, { input }, token))
    .setMessagePolicy;
}

/** Collected on Wednesday at noon. */
async function booked(): Promise<OrderAnswer> {
  const order = await bookOrder(service, aBooking({ pickUp: 'B Wed 12:00' }));
  expect(order.__typename).toBe('Order');
  return order;
}

/** At the time of the policy, spread over some minutes. */
function near(instant: number, expected: string): void {
  expect(Math.abs(instant - at(expected))).toBeLessThanOrEqual(5 * 60_000);
}

describe('messages of an order', () => {
  it('are owed with the booking, once however often it is sent', async () => {
    const input = aBooking();
    const order = await bookOrder(service, input);
    await bookOrder(service, input);
    expect(await messagesOf(order)).toEqual([
      'DROP_OFF_REMINDER SKIPPED PAST_WHEN_OWED',
      'ORDER_BOOKED OWED',
      'MISSED OWED',
      'PICK_UP_REMINDER OWED',
      'PICK_UP_DAY OWED',
    ]);
  });

  it('follow a move: what is no longer true is withdrawn, what is true now is owed', async () => {
    const order = await booked();
    const before = await plannedAt(order, 'PICK_UP_REMINDER');
    const moved = await moveAppointment(service, aMove(order, 'pickUp', 'B Thu 12:00'));
    expect(moved.__typename).toBe('Order');
    expect(await plannedAt(order, 'PICK_UP_REMINDER')).toBeGreaterThan(before);
    near(await plannedAt(order, 'PICK_UP_REMINDER'), 'Wed 18:00');
    const messages = await messagesOf(order);
    expect(messages).toContain('ORDER_BOOKED WITHDRAWN NO_LONGER_TRUE');
    expect(messages).toContain('MOVED OWED');
    expect(messages.filter((line) => line === 'PICK_UP_REMINDER OWED')).toHaveLength(1);
  });

  it('are owed again when a move is taken back', async () => {
    const order = await booked();
    const before = await plannedAt(order, 'PICK_UP_DAY');
    const moved = await moveAppointment(service, aMove(order, 'pickUp', 'B Thu 12:00'));
    const back = await moveAppointment(service, aMove(moved, 'pickUp', 'B Wed 12:00'));
    expect(back.__typename).toBe('Order');
    expect(await plannedAt(order, 'PICK_UP_DAY')).toBe(before);
  });

  it('are withdrawn with a cancellation, which alone is told', async () => {
    const order = await booked();
    await cancelOrder(service, aCancellation(order));
    const messages = await messagesOf(order);
    expect(messages.filter((line) => line.endsWith('OWED') && !line.includes('PAST'))).toEqual([
      'CANCELLED OWED',
    ]);
  });
});

describe('setMessagePolicy', () => {
  it('is followed by what waits to be sent', async () => {
    const order = await booked();
    near(await plannedAt(order, 'PICK_UP_REMINDER'), 'Tue 18:00');
    const set = await setPolicy({ pickUpReminderAt: '09:30', off: ['PICK_UP_DAY', 'MISSED'] });
    expect(set).toMatchObject({ isSettled: false, pickUpReminderAt: '09:30' });

    expect(await service.app.get(FollowPolicy, { strict: false }).run()).toBeGreaterThan(0);
    near(await plannedAt(order, 'PICK_UP_REMINDER'), 'Tue 09:30');
    expect(await messagesOf(order)).toEqual(
      expect.arrayContaining([
        'PICK_UP_DAY WITHDRAWN NO_LONGER_TRUE',
        'MISSED WITHDRAWN NO_LONGER_TRUE',
      ]),
    );
    const { messagePolicy } = await service.data<{ messagePolicy: PolicyAnswer }>(
      `{ messagePolicy { isSettled pickUpReminderAt } }`,
      {},
      service.tokens.hq,
    );
    expect(messagePolicy).toEqual({ isSettled: true, pickUpReminderAt: '09:30' });
  });

  it('holds for the next booking at once', async () => {
    await setPolicy({ pickUpReminderAt: '09:30' });
    const order = await booked();
    near(await plannedAt(order, 'PICK_UP_REMINDER'), 'Tue 09:30');
  });

  it('keeps what is left out, and takes away what is null', async () => {
    await setPolicy({ quietHours: { from: '22:00', to: '07:00' }, overdueDays: [2] });
    const kept = await setPolicy({ pickUpReminderAt: '19:00' });
    expect(kept).toMatchObject({ quietHours: { from: '22:00', to: '07:00' }, overdueDays: [2] });
    expect(await setPolicy({ quietHours: null })).toMatchObject({ quietHours: null });
    await setPolicy({ quietHours: { from: '21:00', to: '08:00' }, overdueDays: [1, 3, 7, 14, 30] });
  });

  it('names every problem with its place, and changes nothing', async () => {
    const route = (steps: readonly object[]) => ({ mode: 'FALLBACK', steps });
    const answer = await setPolicy({
      pickUpReminderAt: '24:00',
      graceMinutes: -1,
      overdueDays: [3, 3],
      quietHours: { from: '21:00', to: '21:00' },
      stores: [{ storeCode: 'NOWHERE' }],
      routes: [
        { kind: 'READY', route: route([]) },
        { kind: 'READY', route: route([{ channel: 'pigeon' }]) },
        {
          kind: 'MOVED',
          route: route([{ channel: 'log', advance: [{ on: 'NOT_DELIVERED', withinSeconds: 60 }] }]),
        },
      ],
    });
    expect(answer.__typename).toBe('InvalidMessagePolicy');
    expect(answer.problems.map(({ path }) => path)).toEqual([
      'pickUpReminderAt',
      'graceMinutes',
      'overdueDays',
      'quietHours.to',
      'stores[0].storeCode',
      'routes[0].route.steps',
      'routes[1].kind',
      'routes[1].route.steps[0]',
      'routes[2].route.steps[0].advance[0]',
    ]);
    expect((await setPolicy({})).pickUpReminderAt).toBe('18:00');
  });

  it('is headquarters alone', async () => {
    const { errors } = await service.ask(
      `mutation { setMessagePolicy(input: {}) { __typename } }`,
      {},
      service.tokens.staff('A'),
    );
    expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
