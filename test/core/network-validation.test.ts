import { describe, expect, it } from 'vitest';

import { documentOf, emptyDocument } from '../../src/core/network/network-document.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { validateNetwork } from '../../src/core/network/validate-network.ts';
import { valueAt, withValueAt } from '../support/json-path.ts';
import { SMALL_NETWORK } from '../support/small-network.ts';

const pathsOf = (input: NetworkInput, current = emptyDocument): readonly string[] =>
  validateNetwork(current, input).map((problem) => problem.path);

const repeated = (path: string, times: number): unknown =>
  Array.from({ length: times }, () => valueAt(SMALL_NETWORK, path));

type Case = [name: string, path: string, value: unknown, problemAt?: string];

/** Where no path of the problem is named, it is the one that was set. */
const refused = (title: string, cases: readonly Case[]): void => {
  describe(title, () => {
    it.each<Case>(cases)('%s', (_, path, value, problemAt = path) => {
      expect(pathsOf(withValueAt(SMALL_NETWORK, path, value))).toEqual([problemAt]);
    });
  });
};

const accepted = (title: string, cases: readonly Case[]): void => {
  describe(title, () => {
    it.each<Case>(cases)('%s', (_, path, value) => {
      expect(pathsOf(withValueAt(SMALL_NETWORK, path, value))).toEqual([]);
    });
  });
};

it('a sound network has no problem', () => {
  expect(validateNetwork(emptyDocument, SMALL_NETWORK)).toEqual([]);
});

it.each([{}, { stores: null, workshops: null, services: null, lines: null }])(
  'an input without parts has no problem: %j',
  (input) => {
    expect(validateNetwork(emptyDocument, input)).toEqual([]);
  },
);

refused('codes and names that are refused', [
  ['empty service code', 'services[0].code', ''],
  ['service code with a space', 'services[0].code', 'a b'],
  ['line code with a slash', 'lines[0].code', 'a/b'],
  ['line code of 33 characters', 'lines[0].code', 'x'.repeat(33)],
  ['code with a line feed at its end', 'services[0].code', 'resole\n'],
  ['empty store name', 'stores[0].name', ' '],
  ['long workshop name', 'workshops[0].name', 'x'.repeat(201)],
  ['control character in a name', 'services[0].name', 'Re\u0000sole'],
  ['half of a character in a name', 'services[0].name', 'Resole \ud83d'],
  ['control character in an address', 'stores[0].address', 'a\u0007b'],
  ['long address', 'stores[0].address', 'x'.repeat(501)],
  ['currency in small letters', 'services[0].currency', 'cny'],
  ['skill with a colon', 'services[0].operations[0].skill', 'a:b'],
  ['skill with a slash', 'services[0].operations[0].skill', 'a/b'],
  ['skill with an arrow', 'services[0].operations[0].skill', 'a>b'],
  ['skill with a hash', 'services[0].operations[0].skill', 'a#2'],
  ['empty skill', 'workshops[0].shifts[0].skills[0].skill', ''],
  ['skill of 65 characters', 'workshops[0].shifts[0].skills[0].skill', 'x'.repeat(65)],
]);

refused('zones, dates and times that are refused', [
  ['unknown zone of a store', 'stores[0].timeZone', 'Asia/Atlantis'],
  ['unknown zone of a workshop', 'workshops[0].timeZone', ''],
  ['offset for a zone of a line', 'lines[0].timeZone', '+08:00'],
  ['24:00 as a start', 'stores[0].openingHours[0].opens', '24:00'],
  ['end after 24:00', 'stores[0].openingHours[0].closes', '24:01'],
  ['one digit', 'stores[0].openingHours[0].opens', '9:00'],
  ['seconds', 'stores[0].specialHours[1].hours[0].closes', '15:00:00'],
  ['24:00 as the start of a band', 'stores[0].counter.bands[0].opens', '24:00'],
  ['no time for the end of a band', 'stores[0].counter.bands[0].closes', 'noon'],
  ['24:00 as the start of a shift', 'workshops[0].shifts[1].starts', '24:00'],
  ['no time for the end of a shift', 'workshops[0].shifts[0].ends', '25:00'],
  ['no time for a cut-off', 'workshops[0].shifts[0].intakeCutOff', ''],
  ['24:00 as a departure', 'lines[0].departures[0].at', '24:00'],
  ['a date that the calendar has not', 'stores[0].specialHours[0].from', '2027-02-30'],
  ['a date in another form', 'stores[0].specialHours[0].to', '6.2.2027'],
  ['a range that ends before it starts', 'stores[0].specialHours[0].to', '2027-02-04'],
  ['a closed date that is none', 'workshops[0].closedDates[1]', '2027-13-01'],
  ['an except date that is none', 'lines[0].exceptDates[0]', 'tomorrow'],
  ['no days', 'stores[0].openingHours[0].days', []],
  ['a day twice', 'lines[0].departures[0].days[1]', 'MONDAY'],
  ['no days of a band', 'stores[0].counter.bands[0].days', []],
  ['no days of a shift', 'workshops[0].shifts[0].days', []],
  [
    'special hours that overlap earlier ones',
    'stores[0].specialHours[1].from',
    '2027-02-06',
    'stores[0].specialHours[1].from',
  ],
]);

refused('numbers that are refused', [
  ['latitude', 'stores[0].latitude', 90.1],
  ['longitude', 'stores[0].longitude', -181],
  ['longitude that is no number', 'stores[0].longitude', NaN],
  ['slot of no minutes', 'stores[0].counter.slotMinutes', 0],
  ['slot of more than a day', 'stores[0].counter.slotMinutes', 1441],
  ['negative visits', 'stores[1].counter.visits', -1],
  ['a visit and a half', 'stores[0].counter.visits', 1.5],
  ['more than 32 bits', 'stores[0].counter.visits', 2 ** 31],
  ['negative drop-offs', 'stores[0].counter.dropOffVisits', -1],
  ['negative pick-ups', 'stores[0].counter.pickUpVisits', -1],
  ['negative pairs', 'stores[0].counter.dropOffPairs', -1],
  ['negative walk-ins', 'stores[0].counter.walkInVisits', -1],
  ['more walk-ins than visits', 'stores[0].counter.walkInVisits', 5],
  ['negative visits of a band', 'stores[0].counter.bands[0].visits', -1],
  ['more walk-ins of a band than visits', 'stores[0].counter.bands[0].walkInVisits', 7],
  ['negative lead time', 'stores[0].counter.leadTimeMinutes', -1],
  ['lead time of more than a year', 'stores[0].counter.leadTimeMinutes', 525_601],
  ['no horizon', 'stores[0].counter.horizonDays', 0],
  ['horizon of more than a year', 'stores[0].counter.horizonDays', 367],
  ['negative shelf', 'stores[0].shelfPairs', -1],
  ['negative put-away', 'stores[0].putAwayMinutes', -1],
  ['put-away of more than a week', 'stores[0].putAwayMinutes', 10_081],
  ['negative units of a shift', 'workshops[0].shifts[0].skills[0].units', -1],
  ['negative price', 'services[0].priceMinor', -1],
  ['operation without work', 'services[0].operations[0].units', 0],
  ['negative dwell', 'services[0].operations[0].dwellMinutes', -1],
  ['dwell of more than a year', 'services[0].operations[0].dwellMinutes', 525_601],
  ['negative cut-off', 'lines[0].cutOffMinutes', -1],
  ['cut-off of more than a day', 'lines[0].cutOffMinutes', 1441],
  ['negative room of a van', 'lines[0].pairs', -1],
  ['first stop not at 0', 'lines[0].stops[0].minutes', 1],
  ['stops at the same minute', 'lines[0].stops[1].minutes', 0],
  ['stops that go back', 'lines[0].stops[2].minutes', 59],
  ['trip of more than two days', 'lines[0].stops[2].minutes', 2881],
]);

refused('parts that do not go together', [
  ['workshop in an unknown store', 'workshops[0].storeCode', 'X'],
  ['unknown stop', 'lines[0].stops[1].code', 'X'],
  ['the same stop twice in a row', 'lines[0].stops[1].code', 'A'],
  ['only one stop', 'lines[0].stops', [{ code: 'A', minutes: 0 }]],
  ['departure twice', 'lines[0].departures[1].at', '14:00'],
  ['cut-off after the end of a shift', 'workshops[0].shifts[0].intakeCutOff', '18:01'],
  ['no skills', 'workshops[0].shifts[1].skills', []],
  ['a skill twice', 'workshops[0].shifts[0].skills[1].skill', 'clean'],
  ['two shifts at once with one skill', 'workshops[0].shifts[1].starts', '09:00'],
  ['no operations', 'services[0].operations', []],
  [
    'slot longer than any opening',
    'stores[0].counter.slotMinutes',
    481,
    'stores[0].counter.slotMinutes',
  ],
]);

refused('lists that are too long', [
  ['opening hours', 'stores[0].openingHours', repeated('stores[0].openingHours[0]', 51)],
  ['special hours', 'stores[0].specialHours', repeated('stores[0].specialHours[0]', 1001)],
  ['bands', 'stores[0].counter.bands', repeated('stores[0].counter.bands[0]', 101)],
  ['shifts', 'workshops[0].shifts', repeated('workshops[0].shifts[0]', 101)],
  ['closed dates', 'workshops[0].closedDates', repeated('workshops[0].closedDates[0]', 1001)],
  ['operations', 'services[0].operations', repeated('services[0].operations[0]', 21)],
  ['stops', 'lines[0].stops', repeated('lines[0].stops[0]', 101)],
  ['departures', 'lines[0].departures', repeated('lines[0].departures[0]', 501)],
  ['services', 'services', repeated('services[0]', 5001)],
  ['lines', 'lines', repeated('lines[0]', 20_001)],
]);

accepted('what looks odd and is sound', [
  ['code of 32 characters', 'lines[0].code', 'aZ0-_'.padEnd(32, 'x')],
  ['skill in Chinese', 'services[0].operations[0].skill', '深度清洁'],
  ['whole day', 'stores[0].openingHours[0].closes', '24:00'],
  ['overlapping hours join', 'stores[0].openingHours[1].opens', '12:00'],
  ['store that is always closed', 'stores[0].openingHours', []],
  ['workshop without shifts', 'workshops[0].shifts', []],
  ['line without departures', 'lines[0].departures', []],
  ['limit greater than the whole', 'stores[0].counter.dropOffVisits', 99],
  ['no visits at all', 'stores[1].counter.visits', 0],
  ['slot as long as the longest opening', 'stores[0].counter.slotMinutes', 480],
  ['cut-off at the end of a shift', 'workshops[0].shifts[0].intakeCutOff', '18:00'],
  ['cut-off after midnight', 'workshops[0].shifts[1].intakeCutOff', '04:00'],
  ['cut-off before the start', 'workshops[0].shifts[0].intakeCutOff', '06:00'],
  [
    'two shifts at once on different days',
    'workshops[0].shifts[1]',
    {
      days: ['FRIDAY'],
      starts: '09:00',
      ends: '18:00',
      intakeCutOff: '12:00',
      skills: [{ skill: 'clean', units: 1 }],
    },
  ],
  ['nulls', 'stores[0].counter.bands[0].walkInVisits', null],
  ['a place called at twice, not in a row', 'lines[0].stops[2].code', 'A'],
  ['special hours for one day of a closed store', 'stores[0].specialHours[0].to', '2027-02-05'],
]);

describe('codes across the input and the chain', () => {
  const chain = documentOf(SMALL_NETWORK);
  const store = SMALL_NETWORK.stores![1]!;
  const workshop = SMALL_NETWORK.workshops![0]!;
  const line = SMALL_NETWORK.lines![0]!;

  it('refuses a code twice in each kind', () => {
    const twice: NetworkInput = {
      stores: [store, store],
      workshops: [workshop, workshop],
      services: [SMALL_NETWORK.services![0]!, SMALL_NETWORK.services![0]!],
      lines: [line, line],
    };
    expect(pathsOf(twice, chain)).toEqual([
      'stores[1].code',
      'workshops[1].code',
      'services[1].code',
      'lines[1].code',
    ]);
  });

  it('refuses a code that stores and workshops share, in the input or with the chain', () => {
    expect(pathsOf({ stores: [{ ...store, code: 'W' }] }, chain)).toEqual(['stores[0].code']);
    expect(pathsOf({ workshops: [{ ...workshop, code: 'B' }] }, chain)).toEqual([
      'workshops[0].code',
    ]);
    expect(
      pathsOf(
        { stores: [{ ...store, code: 'N' }], workshops: [{ ...workshop, code: 'N' }] },
        chain,
      ),
    ).toEqual(['workshops[0].code']);
  });

  it('lets a service and a line have the code of a store', () => {
    const service = { ...SMALL_NETWORK.services![0]!, code: 'A' };
    expect(pathsOf({ services: [service], lines: [{ ...line, code: 'A' }] }, chain)).toEqual([]);
  });

  it('finds what is named in the chain already', () => {
    expect(pathsOf({ workshops: [workshop], lines: [line] }, chain)).toEqual([]);
    expect(pathsOf({ workshops: [workshop], lines: [line] })).toEqual([
      'workshops[0].storeCode',
      'lines[0].stops[0].code',
      'lines[0].stops[2].code',
    ]);
  });

  it('lets a part be replaced under its own code', () => {
    expect(pathsOf(SMALL_NETWORK, chain)).toEqual([]);
  });
});

describe('many problems', () => {
  it('come in the order of the input', () => {
    let input = SMALL_NETWORK;
    const paths = [
      'stores[0].name',
      'stores[0].specialHours[0].from',
      'stores[0].counter.visits',
      'stores[1].counter.visits',
      'workshops[0].shifts[0].skills[1].units',
      'services[0].priceMinor',
      'lines[0].stops[1].minutes',
    ];
    for (const path of [...paths].reverse()) {
      input = withValueAt(input, path, typeof valueAt(input, path) === 'string' ? '' : -5);
    }
    expect(pathsOf(input)).toEqual(paths);
  });

  it('are the first hundred', () => {
    const services = Array.from({ length: 300 }, (_, index) => ({
      ...SMALL_NETWORK.services![0]!,
      code: `s${index}`,
      priceMinor: -1,
    }));
    const paths = pathsOf({ services });
    expect(paths).toHaveLength(100);
    expect(paths.at(-1)).toBe('services[99].priceMinor');
  });

  it('say in words what is wrong', () => {
    const input = withValueAt(SMALL_NETWORK, 'stores[1].counter.visits', -1);
    expect(validateNetwork(emptyDocument, input)).toEqual([
      {
        path: 'stores[1].counter.visits',
        message: 'must be a whole number from 0 to 2147483647',
      },
    ]);
  });
});
