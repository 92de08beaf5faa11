import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { quietAt } from '../../src/core/messages/quiet-hours.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import type { EpochMs, TimeZone } from '../../src/core/time/time.ts';
import { at, when, ZONE } from '../support/worked-network.ts';

describe('quietAt', () => {
  const quiet = { from: 21 * 60, to: 8 * 60 };
  const bounds = (instant: EpochMs, zone: TimeZone, hours = quiet) => {
    const found = quietAt(instant, hours, zone);
    return found === null ? null : [found.start, found.end].map((t) => new Date(t).toISOString());
  };

  it.each([
    { name: 'the first minute', now: 'Mon 21:00', is: ['Mon 21:00', 'Tue 08:00'] },
    { name: 'the minute before', now: 'Mon 20:59', is: null },
    { name: 'after midnight', now: 'Tue 03:00', is: ['Mon 21:00', 'Tue 08:00'] },
    { name: 'the end is not quiet', now: 'Tue 08:00', is: null },
  ])('$name', ({ now, is }) => {
    expect(bounds(at(now), ZONE)).toEqual(is?.map(when) ?? null);
  });

  it('lasts an hour less and an hour more in the nights of a change of clocks', () => {
    const night = (date: string) =>
      bounds(instantAt(date, 30, 'America/New_York'), 'America/New_York')!;
    const hours = ([start, end]: string[]) => (Date.parse(end!) - Date.parse(start!)) / 3_600_000;
    expect(hours(night('2031-03-08'))).toBe(11);
    expect(hours(night('2031-03-09'))).toBe(10);
    expect(hours(night('2031-11-02'))).toBe(12);
  });

  it('ends after the gap if its end is skipped, and at the first of two if it is repeated', () => {
    const zone = 'America/New_York';
    const untilHalfPast = (to: number) => ({ from: 22 * 60, to });
    const skipped = bounds(instantAt('2031-03-09', 30, zone), zone, untilHalfPast(150))!;
    expect(skipped[1]).toBe('2031-03-09T07:30:00.000Z');
    const repeated = bounds(instantAt('2031-11-02', 30, zone), zone, untilHalfPast(90))!;
    expect(repeated[1]).toBe('2031-11-02T05:30:00.000Z');
  });

  it('never, if it begins where it ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1439 }), fc.integer(), (minute, instant) => {
        expect(quietAt(instant, { from: minute, to: minute }, ZONE)).toBeNull();
      }),
    );
  });
});
