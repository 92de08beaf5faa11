import { isDeepStrictEqual } from 'node:util';

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { Usage } from '../../src/core/claims/usage.ts';
import type { Line, Network, Store } from '../../src/core/network/network.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { compared, type Contestant } from '../support/promise/compare.ts';
import { randomCase } from '../support/promise/random-chain.ts';
import { Random } from '../support/random.ts';

const RUNS = 2_000;
const PARTS = 4;
const TIMEOUT_MS = 300_000;
/** A seed to begin with; what fails names the seed of its case. */
const SEED = process.env['PROMISE_SEED'];

const planner: Contestant = (network, usage, request) => new Planner(network, usage).find(request);

describe('the planner', () => {
  it.each(Array.from({ length: PARTS }, (_, part) => ({ part })))(
    'agrees with the exhaustive search over random chains, part $part',
    ({ part }) => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const { found, expected } = compared(planner, randomCase(new Random(seed)));
          expect(found).toEqual(expected);
        }),
        {
          numRuns: RUNS / PARTS,
          endOnFailure: true,
          ...(SEED === undefined ? {} : { seed: Number(SEED) + part }),
        },
      );
    },
    TIMEOUT_MS,
  );
});

/** Planners with a mistake: each looks at a chain or usage that is not quite the true one. */
const WRONG: readonly { name: string; contestant: Contestant }[] = [
  {
    name: 'forgets the put-away',
    contestant: onChain((network) => withStores(network, (store) => ({ ...store, putAwayMin: 0 }))),
  },
  {
    name: 'misses goods exactly at the cut-off of a van',
    contestant: onChain((network) =>
      withLines(network, (line) => ({ ...line, cutOffMin: line.cutOffMin + 1 })),
    ),
  },
  {
    name: 'misses goods exactly at the cut-off of a shift',
    contestant: onChain((network) => ({
      ...network,
      workshops: mapped(network.workshops, (workshop) => ({
        ...workshop,
        shifts: workshop.shifts.map((shift) => ({
          ...shift,
          intakeCutOff: Math.max(0, shift.intakeCutOff - 1),
        })),
      })),
    })),
  },
  {
    name: 'sees nothing of what is taken',
    contestant: (network, _, request) => planner(network, new Usage(), request),
  },
  {
    name: 'unloads at closed stores',
    contestant: onChain((network) =>
      withStores(network, (store) => ({ ...store, nightDrop: true })),
    ),
  },
  {
    name: 'forgets the shelf',
    contestant: onChain((network) =>
      withStores(network, (store) => ({ ...store, shelfPairs: null })),
    ),
  },
  {
    name: 'never looks at the first workshop',
    contestant: (network, usage, request) => {
      const [first, second] = [...network.workshops.keys()];
      if (second === undefined) return planner(network, usage, request);
      const workshops = new Map([...network.workshops].filter(([code]) => code !== first));
      return planner({ ...network, workshops, lines: linesAmong(network, first!) }, usage, request);
    },
  },
];

describe('the comparison', () => {
  it.each(WRONG)(
    'catches a planner that $name',
    ({ contestant }) => {
      const caught = Array.from({ length: 400 }, (_, seed) => seed).some((seed) => {
        const { found, expected } = compared(contestant, randomCase(new Random(seed)));
        return !isDeepStrictEqual(found, expected);
      });
      expect(caught).toBe(true);
    },
    TIMEOUT_MS,
  );
});

function onChain(change: (network: Network) => Network): Contestant {
  return (network, usage, request) => planner(change(network), usage, request);
}

function withStores(network: Network, change: (store: Store) => Store): Network {
  return { ...network, stores: mapped(network.stores, change) };
}

function withLines(network: Network, change: (line: Line) => Line): Network {
  return { ...network, lines: mapped(network.lines, change) };
}

function linesAmong(network: Network, without: string): Network['lines'] {
  return new Map(
    [...network.lines].filter(([, { stops }]) => stops.every(({ code }) => code !== without)),
  );
}

function mapped<V>(map: ReadonlyMap<string, V>, change: (value: V) => V): ReadonlyMap<string, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
