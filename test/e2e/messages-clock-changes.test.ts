import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { RecordProgress } from '../../src/features/orders/record-progress.service.ts';
import { bookOrder, newKey } from '../support/bookings.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { anAccount, deliver } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, aWorkshop, DAILY } from '../support/worked-network.ts';

const MAIL = new FakeChannel('mail');
const HOUR = 3_600_000;
const SPREAD_MS = 5 * 60_000;
const ZONES = { NY: 'America/New_York', LN: 'Europe/London', SY: 'Australia/Sydney' } as const;

let service: TestService;
const seen: { readonly kind: string; readonly to: string; readonly at: number }[] = [];

beforeAll(async () => {
  const hub = aWorkshop();
  const day = { ...hub.shifts[0]!, days: DAILY, starts: '10:00', ends: '18:00' };
  const codes = Object.entries(ZONES);
  service = await startService({
    network: {
      stores: codes.map(([code, timeZone]) => aStore(code, {}, { timeZone })),
      workshops: codes.map(([storeCode, timeZone]) => ({
        ...{ ...hub, code: `W-${storeCode}`, name: storeCode, storeCode, timeZone },
        shifts: [{ ...day, intakeCutOff: '12:00' }],
      })),
      services: [
        {
          ...{ code: 'clean', name: 'clean', priceMinor: 9_900, currency: 'USD' },
          operations: [{ skill: 'clean', units: 1, dwellMinutes: 0 }],
        },
      ],
      lines: [],
    },
    channels: [MAIL],
  });
  await anAccount(service, 'mail');
  MAIL.always = ({ content: { kind }, address }) => {
    seen.push({ kind, to: String(address), at: service.clock.now() });
    return { outcome: 'accepted', providerRef: null };
  };
});

afterAll(() => service.stop());

/** When each reminder came that was sent until `end`. */
async function remindersUntil(end: number, to: string): Promise<Record<string, number>> {
  for (;;) {
    const [row] = await service.rows<{ at: Date | null }>(
      `SELECT min(due_at) AS at FROM message WHERE state = 'OWED'`,
    );
    const next = row!.at?.getTime() ?? Infinity;
    if (next > end) break;
    service.clock.set(Math.max(next, service.clock.now()));
    await deliver(service);
  }
  const mine = seen.filter((one) => one.to === to && /reminder|day/.test(one.kind));
  expect(new Set(mine.map(({ kind }) => kind)).size).toBe(mine.length);
  return Object.fromEntries(mine.map(({ kind, at }) => [kind, at]));
}

describe('reminders around a change of clocks', () => {
  it.each([
    // Drop-off at 11 on the day before the change, pick-up at 11 on the day of it.
    ['New York, forward', 'NY', '2031-03-08T16:00Z', '2031-03-09T15:00Z', '2031-03-08T23:00Z'],
    ['New York, back', 'NY', '2031-11-01T15:00Z', '2031-11-02T16:00Z', '2031-11-01T22:00Z'],
    ['London, forward', 'LN', '2031-03-29T11:00Z', '2031-03-30T10:00Z', '2031-03-29T18:00Z'],
    ['London, back', 'LN', '2031-10-25T10:00Z', '2031-10-26T11:00Z', '2031-10-25T17:00Z'],
    ['Sydney, forward', 'SY', '2031-10-04T01:00Z', '2031-10-05T00:00Z', '2031-10-04T08:00Z'],
    ['Sydney, back', 'SY', '2031-04-05T00:00Z', '2031-04-06T01:00Z', '2031-04-05T07:00Z'],
  ])(
    '%s: each comes once, by the clock on the wall',
    async (name, storeCode, from, to, evening) => {
      const [dropOff, pickUp] = [Date.parse(from), Date.parse(to)];
      service.clock.set(dropOff - 47 * HOUR);
      await service.rows(
        `UPDATE message SET state = 'SKIPPED', reason = 'TEST' WHERE state = 'OWED'`,
      );
      const email = `${name.replace(/\W+/g, '-').toLowerCase()}@example.com`;
      const order = await bookOrder(service, {
        ...{ requestKey: newKey(), customer: { name: 'Mei', email } },
        dropOff: { storeCode, start: new Date(dropOff).toISOString() },
        pickUp: { storeCode, start: new Date(pickUp).toISOString() },
        items: [{ description: 'AJ1', serviceCodes: ['clean'], pairs: 1 }],
      });
      expect(order.__typename).toBe('Order');
      const before = await remindersUntil(dropOff, email);
      const dayBefore = Date.parse(evening) - 24 * HOUR;
      expect(Math.abs(before['dropoff.reminder']! - dayBefore)).toBeLessThanOrEqual(SPREAD_MS);

      const received = await service.app.get(RecordProgress, { strict: false }).run({
        caller: { role: 'hq', id: 'hq' },
        ...{ requestKey: newKey(), orderId: order.id, kind: 'RECEIVED' },
      });
      expect(received.ok).toBe(true);
      const all = await remindersUntil(pickUp, email);
      expect(Math.abs(all['pickup.reminder']! - Date.parse(evening))).toBeLessThanOrEqual(
        SPREAD_MS,
      );
      // The store opens at ten, an hour before; three hours before it is closed.
      const opens = pickUp - HOUR;
      expect(all['pickup.day']! - opens).toBeGreaterThanOrEqual(0);
      expect(all['pickup.day']! - opens).toBeLessThanOrEqual(SPREAD_MS);
    },
  );
});
