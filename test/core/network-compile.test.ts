import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { compileNetwork } from '../../src/core/network/compile-network.ts';
import {
  documentOf,
  emptyDocument,
  mergeNetwork,
} from '../../src/core/network/network-document.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { generateNetwork } from '../support/network-generator.ts';
import { SMALL_NETWORK } from '../support/small-network.ts';

const compiled = compileNetwork(documentOf(SMALL_NETWORK), 7);

describe('compileNetwork', () => {
  it('reads times, weekdays and dates', () => {
    const store = compiled.stores.get('A')!;
    expect(store.openingHours[2]).toEqual({ days: [5], opens: 1080, closes: 120 });
    expect(store.specialHours[1]).toEqual({
      from: '2027-02-07',
      to: '2027-02-07',
      hours: [{ opens: 660, closes: 900 }],
    });
    const workshop = compiled.workshops.get('W')!;
    expect(workshop.shifts[0]).toEqual({
      days: [1, 2],
      starts: 540,
      ends: 1080,
      intakeCutOff: 720,
      units: new Map([
        ['clean', 120],
        ['sole', 60],
      ]),
    });
    expect([...workshop.closedDates]).toEqual(['2027-02-06', '2027-02-07']);
    expect(compiled.lines.get('A-W-B')!.departures[1]).toEqual({ days: [1], at: 1230 });
    expect(compiled.version).toBe(7);
  });

  it('fills in what was left out', () => {
    expect(compiled.stores.get('B')).toEqual({
      code: 'B',
      name: 'Store B',
      timeZone: 'America/New_York',
      address: null,
      latitude: null,
      longitude: null,
      openingHours: [{ days: [7], opens: 0, closes: 1440 }],
      specialHours: [],
      counter: {
        slotMin: 15,
        visits: 2,
        dropOffVisits: null,
        pickUpVisits: null,
        dropOffPairs: null,
        walkInVisits: 0,
        bands: [],
        leadTimeMin: 60,
        horizonDays: 30,
      },
      shelfPairs: null,
      putAwayMin: 30,
      nightDrop: false,
    });
    const bare = compileNetwork(
      documentOf({
        workshops: [{ code: 'W', name: 'W', timeZone: 'UTC', shifts: [] }],
        services: [
          {
            code: 's',
            name: 's',
            priceMinor: 1,
            currency: 'CNY',
            operations: [{ skill: 'clean', units: 1 }],
          },
        ],
        lines: [{ code: 'L', timeZone: 'UTC', stops: [], departures: [], pairs: 1 }],
      }),
      1,
    );
    expect(bare.workshops.get('W')).toMatchObject({ storeCode: null, closedDates: new Set() });
    expect(bare.services.get('s')!.operations[0]!.dwellMin).toBe(0);
    expect(bare.lines.get('L')).toMatchObject({ cutOffMin: 30, exceptDates: new Set() });
  });

  it('fills in what a band left out from the counter', () => {
    const [store] = SMALL_NETWORK.stores!;
    const band = { days: ['SUNDAY'], opens: '20:00', closes: '01:00', visits: 9 } as const;
    const counter = {
      ...store!.counter,
      bands: [{ ...band, dropOffPairs: null, pickUpVisits: 1 }],
    };
    const network = compileNetwork(documentOf({ stores: [{ ...store!, counter }] }), 1);
    expect(network.stores.get('A')!.counter.bands).toEqual([
      {
        days: [7],
        opens: 1200,
        closes: 60,
        visits: 9,
        dropOffVisits: 3,
        pickUpVisits: 1,
        dropOffPairs: 10,
        walkInVisits: 1,
      },
    ]);
  });

  it('throws on a document that no validation has passed', () => {
    const line = { ...SMALL_NETWORK.lines![0]!, departures: [{ days: [], at: 'noon' }] };
    expect(() => compileNetwork(documentOf({ lines: [line] }), 1)).toThrow('not validated');
  });

  it('does not depend on the order in which parts and skills are stated', () => {
    const input = generateNetwork({ stores: 30, seed: 3 });
    const expected = inOrder(compileNetwork(documentOf(input), 1));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const next = (): number => Number(numbers.next().value);
        const shuffled = {
          stores: shuffle(input.stores!, next),
          workshops: shuffle(input.workshops!, next).map((workshop) => ({
            ...workshop,
            shifts: workshop.shifts.map((shift) => ({
              ...shift,
              skills: shuffle(shift.skills, next),
            })),
          })),
          services: shuffle(input.services!, next),
          lines: shuffle(input.lines!, next),
        };
        expect(inOrder(compileNetwork(documentOf(shuffled), 1))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe('mergeNetwork', () => {
  const chain = documentOf(SMALL_NETWORK);

  it('replaces what is named, adds what is new, keeps the rest', () => {
    const renamed = { ...SMALL_NETWORK.stores![1]!, name: 'New name' };
    const added = { ...SMALL_NETWORK.stores![1]!, code: 'C' };
    const merged = mergeNetwork(chain, { stores: [renamed, added] });
    expect(merged.stores).toEqual(
      new Map([
        ['A', SMALL_NETWORK.stores![0]!],
        ['B', renamed],
        ['C', added],
      ]),
    );
    expect(merged.workshops).toEqual(chain.workshops);
    expect(merged.services).toEqual(chain.services);
    expect(merged.lines).toEqual(chain.lines);
  });

  it('leaves its arguments as they are', () => {
    mergeNetwork(chain, { stores: [{ ...SMALL_NETWORK.stores![1]!, code: 'C' }] });
    expect([...chain.stores.keys()]).toEqual(['A', 'B']);
    expect(emptyDocument.stores.size).toBe(0);
  });

  it.each<NetworkInput>([{}, { stores: null, workshops: null, services: null, lines: null }])(
    'an input without parts changes nothing: %j',
    (input) => {
      expect(mergeNetwork(chain, input)).toEqual(chain);
    },
  );
});

/** Maps and sets as lists, so that their order is compared as well. */
function inOrder(value: unknown): unknown {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)].map(inOrder);
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inOrder(inner)]));
}

/** Source: Fisher and Yates, as in Knuth, The Art of Computer Programming, volume 2, algorithm P. */
function shuffle<T>(list: readonly T[], next: () => number): readonly T[] {
  const shuffled = [...list];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = next() % (last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
