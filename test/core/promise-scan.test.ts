import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';

import { Usage } from '../../src/core/claims/usage.ts';
import { ChainTables } from '../../src/core/promise/chain-tables.ts';
import { ConnectionScan } from '../../src/core/promise/connection-scan.ts';
import { coverageAt, type Coverage } from '../../src/core/promise/coverage.ts';
import { MINUTES_OF_DAY, TimetableDays } from '../../src/core/promise/day-legs.ts';
import { ForwardRounds, NEVER } from '../../src/core/promise/forward-rounds.ts';
import type { LineTable } from '../../src/core/promise/line-table.ts';
import { minuteFrom } from '../../src/core/promise/minutes.ts';
import { PlaceLimits } from '../../src/core/promise/place-limits.ts';
import { dateOfDay } from '../../src/core/time/local-date.ts';
import { aChain, aLine, aStore } from '../support/promise/chain.ts';
import { randomCase, type RandomCase } from '../support/promise/random-chain.ts';
import { at } from '../support/promise/worked-example.ts';
import { Random } from '../support/random.ts';

vi.setConfig({ testTimeout: 120_000 });

const DAYS = 5;

interface Ground {
  readonly tables: ChainTables;
  readonly coverage: Coverage;
  readonly layOut: (line: LineTable) => void;
  readonly start: number;
  readonly end: number;
}

function groundOf({ network, usage, request }: RandomCase): Ground {
  const tables = new ChainTables(network, usage);
  const coverage = coverageAt(request.now, DAYS, null);
  const start = minuteFrom(request.handedOverAt);
  return {
    tables,
    coverage,
    layOut: (line) => {
      line.layOut(coverage, usage);
    },
    start,
    end: start + DAYS * MINUTES_OF_DAY,
  };
}

describe('the connection scan', () => {
  it.each([
    { pairs: 1, earlierMin: 0 },
    { pairs: 2, earlierMin: 0 },
    { pairs: 3, earlierMin: 0 },
    { pairs: 1, earlierMin: 90 },
    { pairs: 3, earlierMin: 600 },
  ])('reaches every place when the rounds do: $pairs pairs, $earlierMin min before', (goods) => {
    const { pairs, earlierMin } = goods;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const ground = groundOf(randomCase(new Random(seed)));
        const { tables, coverage, layOut, start: notBefore, end } = ground;
        const start = notBefore - earlierMin;
        const { timetable } = tables;
        const scan = new ConnectionScan(timetable);
        const rounds = new ForwardRounds(timetable);
        const latest = new PlaceLimits(timetable.placeCount);
        latest.add(end, new Uint16Array(timetable.placeCount));
        for (let source = 0; source < timetable.placeCount; source++) {
          scan.begin({ place: source, minute: start, notBefore, pairs });
          scan.scanTo(notBefore + 100, coverage, layOut);
          scan.scanTo(end, coverage, layOut);
          rounds.begin({ pairs, notBefore, latest });
          rounds.addSource(source, start);
          rounds.extendTo(NEVER, layOut);
          for (let place = 0; place < timetable.placeCount; place++) {
            const arrival = rounds.arrival(place, rounds.rounds);
            const scanned = scan.arrival(place);
            expect(scanned > end ? NEVER : scanned).toBe(arrival);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the days of a timetable', () => {
  const coverage = coverageAt(at('Mon 08:00'), DAYS, null);
  const [first, second, without] = [1, 2, 3].map((day) => coverage.firstDay + day) as [
    number,
    number,
    number,
  ];
  const stops = [['A', 0] as const, ['B', 30] as const];
  const exceptDates = new Set([dateOfDay(without)]);
  const { timetable } = new ChainTables(
    aChain({
      stores: [aStore({ code: 'A' }), aStore({ code: 'B' })],
      lines: [aLine({ code: 'L', departures: ['09:00', '17:00'], stops, exceptDates })],
    }),
    new Usage(),
  );
  for (const line of timetable.lines) line.layOut(coverage, new Usage());
  const days = new TimetableDays(timetable.lines);

  it('share what drives on days that are alike', () => {
    expect(days.of(second).legs).toBe(days.of(first).legs);
    expect(days.of(first).legs.count).toBe(2);
    expect(days.of(second).firstTrips[0]).toBe(days.of(first).firstTrips[0]! + 2);
  });

  it('do not share it with a day on which a line does not run', () => {
    expect(days.of(without).legs.count).toBe(0);
  });
});
