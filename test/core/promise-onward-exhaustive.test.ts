import { isDeepStrictEqual } from 'node:util';

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { normalLimitedClaims } from '../../src/core/claims/claim.ts';
import { NO_DISRUPTIONS, type TripDisruption } from '../../src/core/network/disruptions.ts';
import type { Network } from '../../src/core/network/network.ts';
import { withDisruptions } from '../../src/core/network/with-disruptions.ts';
import type { OnwardGroup, OnwardRequest, Plan } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { comparedOnward, type Contestant } from '../support/promise/compare.ts';
import { onwardCase } from '../support/promise/random-onward.ts';
import { Random } from '../support/random.ts';

/** Each takes some fifty milliseconds, nearly all of it in the exhaustive search. */
const RUNS = Number(process.env['ONWARD_CASES'] ?? 500);
const PARTS = 4;
const TIMEOUT_MS = 300_000;
/** A seed to begin with; what fails names the seed of its case. */
const SEED = process.env['PROMISE_SEED'];

const planner: Contestant<OnwardRequest> = (network, usage, request) =>
  new Planner(network, usage).findOnward(request);

describe('the planner of goods under way', () => {
  it.each(Array.from({ length: PARTS }, (_, part) => ({ part })))(
    'agrees with the exhaustive search over random chains with disruptions, part $part',
    ({ part }) => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const { found, expected } = comparedOnward(planner, onwardCase(new Random(seed)));
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

/** Planners with a mistake: each looks at a chain or a request that is not quite the true one. */
const WRONG: readonly { name: string; contestant: Contestant<OnwardRequest> }[] = [
  {
    name: 'counts cut-offs from now',
    contestant: onGroups((group, { now }) => ({ ...group, since: Math.max(group.since, now) })),
  },
  {
    name: 'boards vans that have left',
    contestant: (network, usage, request) => {
      const now = Math.min(request.now, ...request.groups.map(({ since }) => since));
      return planner(network, usage, { ...request, now });
    },
  },
  {
    name: 'forgets the put-away of goods that are at the store',
    contestant: (network, usage, request) =>
      planner(network, usage, {
        ...request,
        groups: request.groups.map((group) =>
          group.fromCode === request.pickUpStoreCode
            ? { ...group, since: group.since - 3_600_000 }
            : group,
        ),
      }),
  },
  {
    name: 'drops the work that is left',
    contestant: onGroups((group) => ({
      ...group,
      items: group.items.map((item) => ({ ...item, operations: [] })),
    })),
  },
  { name: 'plans each group as if alone', contestant: alone },
  {
    name: 'takes the last group first',
    contestant: (network, usage, request) =>
      planner(network, usage, { ...request, groups: [...request.groups].reverse() }),
  },
  {
    name: 'knows of no disruption',
    contestant: onChain((network) => withDisruptions(network, NO_DISRUPTIONS)),
  },
  {
    name: 'rides cancelled trips',
    contestant: onTrips((trip) => ('cancelled' in trip ? null : trip)),
  },
  {
    name: 'takes late trips for punctual ones',
    contestant: onTrips((trip) => ('cancelled' in trip ? trip : null)),
  },
  { name: 'never boards a late trip', contestant: onTrips(() => ({ cancelled: true })) },
  {
    name: 'knows of no cut',
    contestant: onChain((network) =>
      withDisruptions(network, { ...network.disruptions, shifts: new Map() }),
    ),
  },
  {
    name: 'knows of no closure',
    contestant: onChain((network) =>
      withDisruptions(network, { ...network.disruptions, closures: new Map() }),
    ),
  },
];

describe('the comparison', () => {
  it.each(WRONG)(
    'catches a planner that $name',
    ({ contestant }) => {
      const caught = Array.from({ length: 400 }, (_, seed) => seed).some((seed) => {
        const { found, expected } = comparedOnward(contestant, onwardCase(new Random(seed)));
        return !isDeepStrictEqual(found, expected);
      });
      expect(caught).toBe(true);
    },
    TIMEOUT_MS,
  );
});

function onChain(change: (network: Network) => Network): Contestant<OnwardRequest> {
  return (network, usage, request) => planner(change(network), usage, request);
}

function onGroups(
  change: (group: OnwardGroup, request: OnwardRequest) => OnwardGroup,
): Contestant<OnwardRequest> {
  return (network, usage, request) =>
    planner(network, usage, {
      ...request,
      groups: request.groups.map((group) => change(group, request)),
    });
}

/** @param change null: as scheduled */
function onTrips(
  change: (trip: TripDisruption) => TripDisruption | null,
): Contestant<OnwardRequest> {
  return onChain((network) => {
    const trips = new Map(
      [...network.disruptions.trips].map(([line, of]) => {
        const changed = [...of].map(([departs, trip]) => [departs, change(trip)] as const);
        return [
          line,
          new Map(changed.filter((each): each is [number, TripDisruption] => each[1] !== null)),
        ];
      }),
    );
    return withDisruptions(network, { ...network.disruptions, trips });
  });
}

function alone(...[network, usage, request]: Parameters<Contestant<OnwardRequest>>): Plan | null {
  const plans = request.groups.map((group) =>
    planner(network, usage, { ...request, groups: [group] }),
  );
  const found = plans.filter((plan) => plan !== null).sort((a, b) => b.readyBy - a.readyBy);
  if (found.length < plans.length) return null;
  const claims = normalLimitedClaims(found.flatMap((plan) => plan.claims));
  return { ...found[0]!, steps: planner(network, usage, request)?.steps ?? [], claims };
}
