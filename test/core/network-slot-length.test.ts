import { describe, expect, it } from 'vitest';

import { emptyDocument } from '../../src/core/network/network-document.ts';
import { validateNetwork } from '../../src/core/network/validate-network.ts';
import { withValueAt } from '../support/json-path.ts';
import { SMALL_NETWORK } from '../support/small-network.ts';

describe('a slot longer than any opening', () => {
  const hours = (openingHours: unknown, slotMinutes: number, specialHours: unknown = []) =>
    validateNetwork(
      emptyDocument,
      withValueAt(SMALL_NETWORK, 'stores[1]', {
        code: 'B',
        name: 'B',
        timeZone: 'Asia/Shanghai',
        openingHours,
        specialHours,
        counter: { slotMinutes, visits: 1 },
      }),
    ).map((problem) => problem.path);
  const daily = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
  const tooLong = ['stores[1].counter.slotMinutes'];

  it.each([
    [
      'touching hours are one',
      [
        ['MONDAY', '10:00', '12:00'],
        ['MONDAY', '12:00', '14:00'],
      ],
      240,
    ],
    [
      'over midnight into the next week',
      [
        ['SUNDAY', '22:00', '24:00'],
        ['MONDAY', '00:00', '02:00'],
      ],
      240,
    ],
    ['past midnight', [['FRIDAY', '22:00', '03:00']], 300],
    [
      '26 hours are cut at midnight',
      [
        ['MONDAY', '12:00', '24:00'],
        ['TUESDAY', '00:00', '14:00'],
      ],
      840,
    ],
  ] as const)('%s', (_, ranges, longest) => {
    const openingHours = ranges.map(([day, opens, closes]) => ({ days: [day], opens, closes }));
    expect(hours(openingHours, longest)).toEqual([]);
    expect(hours(openingHours, longest + 1)).toEqual(tooLong);
  });

  it('round the clock has openings of a day', () => {
    expect(hours([{ days: daily, opens: '00:00', closes: '24:00' }], 1440)).toEqual([]);
  });

  it('special hours count, on each of their days and joined with the next', () => {
    const weekly = [{ days: daily, opens: '10:00', closes: '12:00' }];
    const special = (opens: string, closes: string) => [
      { from: '2027-02-05', to: '2027-02-09', hours: [{ opens, closes }] },
    ];
    expect(hours(weekly, 300, special('10:00', '15:00'))).toEqual([]);
    expect(hours(weekly, 301, special('10:00', '15:00'))).toEqual(tooLong);
    expect(hours(weekly, 720, special('22:00', '10:00'))).toEqual([]);
    expect(hours(weekly, 840, special('22:00', '10:00'))).toEqual([]); // the last night runs on
    expect(hours(weekly, 841, special('22:00', '10:00'))).toEqual(tooLong);
  });

  it('is not asked for where there is none', () => {
    expect(hours([], 1440)).toEqual([]);
    expect(hours([], 1440, [{ from: '2027-02-05', to: '2027-02-05', hours: [] }])).toEqual([]);
  });

  it('is not asked for while the hours themselves are wrong', () => {
    expect(hours([{ days: daily, opens: '10:00', closes: '10.30' }], 60)).toEqual([
      'stores[1].openingHours[0].closes',
    ]);
  });
});
