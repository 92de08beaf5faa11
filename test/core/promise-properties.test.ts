import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';

import { Usage, type UsageListener } from '../../src/core/claims/usage.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { PlanRequest } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';
import { randomCase, type RandomCase } from '../support/promise/random-chain.ts';
import { Random } from '../support/random.ts';

vi.setConfig({ testTimeout: 300_000 });

const anyCase = fc.nat().map((seed) => ({ seed, ...randomCase(new Random(seed)) }));
const withoutWish = ({ request }: RandomCase): PlanRequest => {
  const { dropOffStoreCode, handedOverAt, pickUpStoreCode, items, now } = request;
  return { dropOffStoreCode, handedOverAt, pickUpStoreCode, items, now };
};
const readyBy = (network: Network, usage: Usage, request: PlanRequest): number =>
  new Planner(network, usage).find(request)?.readyBy ?? Infinity;

describe('whatever the chain', () => {
  it('goods handed over earlier are never ready later', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(600), (random, earlierMin) => {
        const request = withoutWish(random);
        const handedOverAt = request.handedOverAt - earlierMin * MINUTE_MS;
        const later = readyBy(random.network, random.usage, request);
        const earlier = readyBy(random.network, random.usage, { ...request, handedOverAt });
        expect(earlier).toBeLessThanOrEqual(later);
      }),
      { numRuns: 500 },
    );
  });

  it('more that is taken never makes goods ready earlier', () => {
    fc.assert(
      fc.property(anyCase, (random) => {
        const request = withoutWish(random);
        const full = readyBy(random.network, random.usage, request);
        const empty = readyBy(random.network, new Usage(), request);
        expect(empty).toBeLessThanOrEqual(full);
      }),
      { numRuns: 500 },
    );
  });

  it('the order in which items and chain are stated does not matter', () => {
    fc.assert(
      fc.property(anyCase, ({ network, usage, request }) => {
        const turned: Network = {
          ...network,
          stores: reversed(network.stores),
          workshops: reversed(network.workshops),
          lines: reversed(network.lines),
        };
        const items = [...request.items].reverse();
        const plan = new Planner(network, usage).plan(request);
        expect(new Planner(turned, usage).plan({ ...request, items })).toEqual(plan);
      }),
      { numRuns: 500 },
    );
  });

  it('a planner that followed the usage answers like one built on it', () => {
    fc.assert(
      fc.property(anyCase, ({ network, usage, request }) => {
        const followed = new Usage();
        const planner = new Planner(network, followed);
        planner.plan(request);
        const claims = [...usage.buckets()];
        followed.add(claims);
        followed.remove(claims.slice(0, 5));
        followed.add(claims.slice(0, 5));
        expect(planner.plan(request)).toEqual(new Planner(network, usage).plan(request));
      }),
      { numRuns: 300 },
    );
  });

  it('a planner that was asked before, at other times too, answers like a new one', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(40), ({ network, usage, request }, days) => {
        const planner = new Planner(network, usage);
        const later = days * 24 * 60 * MINUTE_MS;
        const moved = { ...request, now: request.now + later, handedOverAt: request.now + later };
        planner.plan(moved);
        planner.plan(request);
        expect(planner.plan(request)).toEqual(new Planner(network, usage).plan(request));
        expect(planner.plan(moved)).toEqual(new Planner(network, usage).plan(moved));
      }),
      { numRuns: 200 },
    );
  });

  it('what a plan claims can be taken, and then the same goods still have a way or a refusal', () => {
    fc.assert(
      fc.property(anyCase, ({ network, usage, request }) => {
        const planner = new Planner(network, usage);
        for (let order = 0; order < 20; order++) {
          const planned = planner.plan(request);
          if (!planned.ok) return;
          for (const { resource, start, amount, limit } of planned.value.claims) {
            const sum = usage.taken(resource, start) + amount;
            expect(sum).toBeLessThanOrEqual(limit ?? Infinity);
          }
          usage.add(planned.value.claims);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a disposed planner no longer listens', () => {
    const { network } = randomCase(new Random(1));
    const usage = new CountedUsage();
    const planner = new Planner(network, usage);
    expect(usage.listening).toBe(1);
    planner.dispose();
    expect(usage.listening).toBe(0);
  });
});

class CountedUsage extends Usage {
  listening = 0;

  override onChange(listener: UsageListener): () => void {
    const stop = super.onChange(listener);
    this.listening++;
    return () => {
      stop();
      this.listening--;
    };
  }
}

function reversed<V>(map: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  return new Map([...map].reverse());
}
