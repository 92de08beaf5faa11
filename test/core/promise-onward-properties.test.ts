import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';

import { shelfOf } from '../../src/core/claims/resource.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { Plan, PlanRequest } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { instantOfDay } from '../../src/core/time/instant-at.ts';
import { localDayOf } from '../../src/core/time/local-date.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';
import { onTheWay } from '../support/promise/on-the-way.ts';
import { randomCase } from '../support/promise/random-chain.ts';
import { onwardCase } from '../support/promise/random-onward.ts';
import { Random } from '../support/random.ts';

vi.setConfig({ testTimeout: 300_000 });

const GO_BY_THEIR_PLAN: [number, number][] = [
  // Dry for the second operation right when the shift of both ends, which itself dries in no time …
  [12, 0.9482001755926251],
  // … or after that.
  [2561, 0.9090330788804071],
  // The wished slot is full, the shelf has room until its date, and not until that of the first free one.
  [500005487, 0],
];

describe('goods under way', () => {
  it('that are handed over from now on, with all of their work left, are a new order', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { network, usage, request } = randomCase(new Random(seed));
        const { dropOffStoreCode: fromCode, handedOverAt, items, ...rest } = request;
        const groups = [{ fromCode, since: Math.max(handedOverAt, request.now), items }];
        const planner = new Planner(network, usage);
        expect(planner.planOnward({ ...rest, groups })).toEqual(planner.plan(request));
      }),
      { numRuns: 200 },
    );
  });

  it('that go by their plan are never promised later than before', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, part) => {
        const { network, usage, request } = randomCase(new Random(seed));
        const before = new Planner(network, usage).find(request);
        if (before === null) return;
        const [start, end] = [Math.max(request.now, request.handedOverAt), before.readyBy];
        const now = start + Math.floor((part * (end - start)) / MINUTE_MS) * MINUTE_MS;
        const group = onTheWay(network, request, before, now);
        if (group === null) return;
        const { pickUpStoreCode } = request;
        // The lead time may hide the slot by now, but what was booked is kept.
        const pickUpStart = bookedPickUp(network, request, before);
        const again = { groups: [group], pickUpStoreCode, now, pickUpStart };
        const after = new Planner(network, usage).findOnward(again);
        expect(after?.readyBy ?? Infinity).toBeLessThanOrEqual(before.readyBy);
      }),
      { numRuns: 400, examples: GO_BY_THEIR_PLAN },
    );
  });

  it('have one promise in whatever order their items are stated', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { network, usage, request } = onwardCase(new Random(seed));
        const groups = request.groups.map((group) => ({
          ...group,
          items: [...group.items].reverse(),
        }));
        const planner = new Planner(network, usage);
        expect(planner.planOnward({ ...request, groups })).toEqual(planner.planOnward(request));
      }),
      { numRuns: 200 },
    );
  });

  it('claim only what can be taken, and leave the usage as it was', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { network, usage, request } = onwardCase(new Random(seed));
        const before = [...usage.buckets()];
        const plan = new Planner(network, usage).findOnward(request);
        expect([...usage.buckets()].sort(byName)).toEqual(before.sort(byName));
        for (const { resource, start, amount, limit } of plan?.claims ?? []) {
          expect(usage.taken(resource, start) + amount).toBeLessThanOrEqual(limit ?? Infinity);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The wished slot if the plan keeps the shelf until its date, even if no other order could have it. */
function bookedPickUp(
  network: Network,
  { pickUpStart, ...request }: PlanRequest,
  plan: Plan,
): number {
  const first = plan.earliestPickUp.start;
  if (pickUpStart === undefined || pickUpStart < plan.readyBy) return first;
  const { code, timeZone } = network.stores.get(request.pickUpStoreCode)!;
  const date = instantOfDay(localDayOf(pickUpStart, timeZone), 0, timeZone);
  const isKept = plan.claims.some((c) => c.resource === shelfOf(code) && c.start === date);
  return isKept ? pickUpStart : first;
}

function byName(
  a: { resource: string; start: number },
  b: { resource: string; start: number },
): number {
  return a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : a.start - b.start;
}
