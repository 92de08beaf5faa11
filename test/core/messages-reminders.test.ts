import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { messagesByClock, type Spread } from '../../src/core/messages/owed.ts';
import { DEFAULT_POLICY } from '../../src/core/messages/policy.ts';
import { quietAt } from '../../src/core/messages/quiet-hours.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import { DAY_MS, MINUTE_MS, type TimeZone } from '../../src/core/time/time.ts';
import { anOrder, twoStores } from '../support/message-facts.ts';
import { at, ZONE } from '../support/worked-network.ts';

const AT_ONCE: Spread = () => 0;

describe('reminders', () => {
  const anyInstant = fc.integer({ min: at('Mon 00:00'), max: at('Mon 00:00') + 400 * DAY_MS });
  const anySpread = fc.integer({ min: -300, max: 300 }).map(
    (sec): Spread =>
      () =>
        sec * 1000,
  );
  const anyZone = fc.constantFrom<TimeZone>(
    ZONE,
    'America/New_York',
    'Europe/London',
    'Asia/Kolkata',
  );

  it('are never due in quiet hours, never after their use, and never before the store opens on the day', () => {
    fc.assert(
      fc.property(
        anyInstant,
        fc.integer({ min: 1, max: 2000 }),
        anySpread,
        anyZone,
        (start, gap, spread, zone) => {
          const order = anOrder(start, start + gap * 60 * MINUTE_MS);
          const stores = twoStores(zone);
          const messages = messagesByClock(
            order,
            stores,
            DEFAULT_POLICY,
            spread,
            start - 5 * DAY_MS,
          );
          for (const { kind, dueAt, usefulUntil } of messages) {
            expect(dueAt).toBeLessThan(usefulUntil);
            const isQuiet = quietAt(dueAt, DEFAULT_POLICY.quietHours!, zone) !== null;
            // A visit at night is missed at night: there is time enough to say so in the morning.
            expect({ kind, isQuiet }).toEqual({ kind, isQuiet: false });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    {
      name: 'New York, clocks forward',
      zone: 'America/New_York',
      date: '2031-03-09',
      utc: '2031-03-08T23:00:00.000Z',
    },
    {
      name: 'New York, the day after',
      zone: 'America/New_York',
      date: '2031-03-10',
      utc: '2031-03-09T22:00:00.000Z',
    },
    {
      name: 'New York, clocks back',
      zone: 'America/New_York',
      date: '2031-11-02',
      utc: '2031-11-01T22:00:00.000Z',
    },
    {
      name: 'New York, the day after that',
      zone: 'America/New_York',
      date: '2031-11-03',
      utc: '2031-11-02T23:00:00.000Z',
    },
    {
      name: 'London, clocks forward',
      zone: 'Europe/London',
      date: '2031-03-30',
      utc: '2031-03-29T18:00:00.000Z',
    },
    {
      name: 'London, the day after',
      zone: 'Europe/London',
      date: '2031-03-31',
      utc: '2031-03-30T17:00:00.000Z',
    },
    {
      name: 'London, clocks back',
      zone: 'Europe/London',
      date: '2031-10-26',
      utc: '2031-10-25T17:00:00.000Z',
    },
    {
      name: 'Sydney, clocks forward',
      zone: 'Australia/Sydney',
      date: '2031-10-05',
      utc: '2031-10-04T08:00:00.000Z',
    },
    {
      name: 'Sydney, the day after',
      zone: 'Australia/Sydney',
      date: '2031-10-06',
      utc: '2031-10-05T07:00:00.000Z',
    },
  ])('come at six in the evening of the day before: $name', ({ zone, date, utc }) => {
    const start = instantAt(date, 11 * 60, zone);
    const order = anOrder(start, start + 3 * DAY_MS);
    const messages = messagesByClock(
      order,
      twoStores(zone),
      DEFAULT_POLICY,
      AT_ONCE,
      start - 3 * DAY_MS,
    );
    const reminder = messages.find(({ kind }) => kind === 'DROP_OFF_REMINDER')!;
    expect(new Date(reminder.dueAt).toISOString()).toBe(utc);
  });

  it('leave time to be sent, when the latest that they may come is their hour', () => {
    const policy = { ...DEFAULT_POLICY, dropOffReminderLeastMin: 18 * 60 };
    const order = anOrder(at('Wed 11:00'), at('Fri 11:00'));
    fc.assert(
      fc.property(anySpread, (spread) => {
        const messages = messagesByClock(order, twoStores(ZONE), policy, spread, at('Mon 11:00'));
        const reminder = messages.find(({ kind }) => kind === 'DROP_OFF_REMINDER')!;
        expect(reminder.usefulUntil).toBe(at('Tue 17:00'));
        expect(reminder.dueAt).toBeLessThanOrEqual(at('Tue 17:00') - MINUTE_MS);
        expect(reminder.dueAt).toBeGreaterThanOrEqual(at('Tue 17:00') - 5 * MINUTE_MS);
      }),
    );
  });
});
