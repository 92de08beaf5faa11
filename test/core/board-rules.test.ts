import { describe, expect, it } from 'vitest';

import { doorsOf, vanArrivals } from '../../src/core/board/arrivals.ts';
import { sheetDue } from '../../src/core/board/sheet-times.ts';
import { withStay } from '../../src/core/board/staying.ts';
import { shelfOf } from '../../src/core/claims/resource.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import type { Disruptions } from '../../src/core/network/disruptions.ts';
import { NO_DISRUPTIONS } from '../../src/core/network/disruptions.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import type { StoreInput } from '../../src/core/network/network-input.ts';
import type { Network, Store } from '../../src/core/network/network.ts';
import { aLine, aStore, at, aWorkshop, DAILY, workedNetwork } from '../support/worked-network.ts';

const compiled = (input = workedNetwork(), disruptions: Disruptions = NO_DISRUPTIONS): Network =>
  compileNetwork(documentOf(input), 1, disruptions);

const storeWith = (parts: Partial<StoreInput>): Store =>
  compiled({ ...workedNetwork(), stores: [aStore('A', {}, parts), aStore('B')] }).stores.get('A')!;

const iso = (text: string): number => Date.parse(text);

describe('vanArrivals', () => {
  const tuesday = { start: at('Tue 00:00'), end: at('Wed 00:00') };
  const seen = (network: Network, code = 'B', span = tuesday) =>
    vanArrivals(network, code, span).map(({ lineCode, arrives, isCancelled }) => [
      lineCode,
      arrives,
      isCancelled,
    ]);
  const late = (lineCode: string, departs: string, delayMin: number): Disruptions => ({
    ...NO_DISRUPTIONS,
    trips: new Map([[lineCode, new Map([[at(departs), { delayMin }]])]]),
  });

  it('names each van that comes on the date, in order of time', () => {
    expect(seen(compiled())).toEqual([
      ['W-B', at('Tue 10:30'), false],
      ['W-B', at('Tue 20:00'), false],
    ]);
  });

  it('goes by when the van comes, and not by when it was to come', () => {
    const pushed = compiled(workedNetwork(), late('W-B', 'Tue 18:30', 300));
    expect(seen(pushed)).toEqual([['W-B', at('Tue 10:30'), false]]);
    const wednesday = { start: at('Wed 00:00'), end: at('Thu 00:00') };
    expect(seen(pushed, 'B', wednesday)[0]).toEqual(['W-B', at('Wed 01:00'), false]);
  });

  it('keeps a trip that is cancelled, at its scheduled time', () => {
    const trips = new Map([['W-B', new Map([[at('Tue 09:00'), { cancelled: true } as const]])]]);
    expect(seen(compiled(workedNetwork(), { ...NO_DISRUPTIONS, trips }))[0]).toEqual([
      'W-B',
      at('Tue 10:30'),
      true,
    ]);
  });

  it('counts the workshops inside a store among its doors, and not where a line begins', () => {
    const inside = { ...aWorkshop(), code: 'V', storeCode: 'B' };
    const network = compiled({
      ...workedNetwork(),
      workshops: [aWorkshop(), inside],
      lines: [aLine('A-V', ['08:00'], 60), aLine('B-A', ['12:00'], 60)],
    });
    expect(doorsOf(network, 'B')).toEqual(['B', 'V']);
    expect(seen(network)).toEqual([['A-V', at('Tue 09:00'), false]]);
  });

  it('finds each call of a line that comes by twice, with the leg before it', () => {
    const line = aLine('A-W', ['08:00'], 30);
    const round = [
      { code: 'A', minutes: 0 },
      { code: 'B', minutes: 30 },
      { code: 'A', minutes: 60 },
      { code: 'B', minutes: 90 },
    ];
    const network = compiled({ ...workedNetwork(), lines: [{ ...line, stops: round }] });
    expect(vanArrivals(network, 'B', tuesday).map(({ stop, leg }) => [stop, leg])).toEqual([
      [1, 'ride:A-W/A>B'],
      [3, 'ride:A-W/A>B#2'],
    ]);
  });
});

describe('sheetDue', () => {
  const dates = (store: Store, ...times: readonly string[]) =>
    times.map((text) => sheetDue(store, iso(text))?.date ?? null);

  it('is due from the first opening of a date to the last closing, the break between included', () => {
    const store = storeWith({
      openingHours: [
        { days: DAILY, opens: '10:00', closes: '13:00' },
        { days: DAILY, opens: '15:00', closes: '21:00' },
      ],
    });
    const [open, close] = [at('Mon 10:00'), at('Mon 21:00')];
    const whole = { date: '2030-09-02', opens: open, closes: close };
    expect(sheetDue(store, open - 1)).toBeNull();
    expect(sheetDue(store, open)).toEqual(whole);
    expect(sheetDue(store, at('Mon 14:00'))).toEqual(whole);
    expect(sheetDue(store, close - 1)).toEqual(whole);
    expect(sheetDue(store, close)).toBeNull();
  });

  it('belongs to the date of the opening when a store closes after midnight', () => {
    const store = storeWith({ openingHours: [{ days: DAILY, opens: '18:00', closes: '02:00' }] });
    expect(sheetDue(store, at('Tue 01:59'))).toMatchObject({ date: '2030-09-02' });
    expect(sheetDue(store, at('Tue 02:00'))).toBeNull();
  });

  it('has a date for each midnight of a store that never closes', () => {
    const store = storeWith({ openingHours: [{ days: DAILY, opens: '00:00', closes: '24:00' }] });
    expect(sheetDue(store, at('Tue 00:00') - 1)).toMatchObject({ date: '2030-09-02' });
    expect(sheetDue(store, at('Tue 00:00'))).toMatchObject({ date: '2030-09-03' });
  });

  it('follows special hours and has none on a day that is closed', () => {
    const store = storeWith({
      specialHours: [
        { from: '2030-09-02', to: '2030-09-02', hours: [] },
        { from: '2030-09-03', to: '2030-09-03', hours: [{ opens: '14:00', closes: '16:00' }] },
      ],
    });
    expect(sheetDue(store, at('Mon 12:00'))).toBeNull();
    expect(sheetDue(store, at('Tue 13:59'))).toBeNull();
    expect(sheetDue(store, at('Tue 14:00'))).toMatchObject({ opens: at('Tue 14:00') });
  });

  it('waits for the end of a closure that begins before the doors open', () => {
    const closures = new Map([['A', [{ start: at('Mon 08:00'), end: at('Mon 12:30') }]]]);
    const store = compiled(workedNetwork(), { ...NO_DISRUPTIONS, closures }).stores.get('A')!;
    expect(sheetDue(store, at('Mon 12:29'))).toBeNull();
    expect(sheetDue(store, at('Mon 12:30'))).toMatchObject({ opens: at('Mon 12:30') });
  });

  it('keeps to the wall clock of New York on both days on which it is changed', () => {
    const store = storeWith({
      timeZone: 'America/New_York',
      openingHours: [{ days: DAILY, opens: '10:00', closes: '18:00' }],
    });
    // 2030-03-10: summer time begins; 2030-11-03: it ends.
    expect(dates(store, '2030-03-09T14:59:59Z', '2030-03-09T15:00:00Z')).toEqual([
      null,
      '2030-03-09',
    ]);
    expect(dates(store, '2030-03-10T13:59:59Z', '2030-03-10T14:00:00Z')).toEqual([
      null,
      '2030-03-10',
    ]);
    expect(dates(store, '2030-11-02T13:59:59Z', '2030-11-02T14:00:00Z')).toEqual([
      null,
      '2030-11-02',
    ]);
    expect(dates(store, '2030-11-03T14:59:59Z', '2030-11-03T15:00:00Z')).toEqual([
      null,
      '2030-11-03',
    ]);
  });

  it('opens at the end of an hour that the clock leaves out', () => {
    const store = storeWith({
      timeZone: 'America/New_York',
      openingHours: [{ days: DAILY, opens: '02:30', closes: '12:00' }],
    });
    expect(dates(store, '2030-03-10T07:29:59Z', '2030-03-10T07:30:00Z')).toEqual([
      null,
      '2030-03-10',
    ]);
  });
});

describe('withStay', () => {
  const midnight = at('Wed 00:00');
  const place = { resource: shelfOf('B'), start: at('Tue 00:00'), amount: 2 };
  const stay = { storeCode: 'B', midnight, pairs: 2 };

  it('adds the date to what is taken, without a limit, and leaves the rest', () => {
    expect(withStay([place], stay)).toEqual([
      { ...place, limit: null },
      { resource: shelfOf('B'), start: midnight, amount: 2, limit: null },
    ]);
  });

  it('adds nothing where it is taken already', () => {
    const taken = { ...place, start: midnight };
    expect(withStay([place, taken], stay)).toBeNull();
    expect(withStay([{ ...taken, amount: 3 }], stay)).toBeNull();
  });

  it('raises what is taken for fewer pairs', () => {
    expect(withStay([{ ...place, start: midnight, amount: 1 }], stay)).toEqual([
      { ...place, start: midnight, limit: null },
    ]);
  });
});
