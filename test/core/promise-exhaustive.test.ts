import { expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Planner } from '../../src/core/promise/planner.ts';
import { slowPlan } from '../support/promise/exhaustive.ts';
import { randomCase } from '../support/promise/random-chain.ts';
import { Random } from '../support/random.ts';

it('agrees with the exhaustive search', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { network, usage, request } = randomCase(new Random(seed));
      const slow = slowPlan(network, usage, request);
      const planned = new Planner(network, usage).find(request);
      const fast =
        planned === null
          ? null
          : {
              readyBy: planned.readyBy,
              pickUpStart: planned.earliestPickUp.start,
              steps: planned.steps,
              claims: planned.claims,
            };
      expect(fast).toEqual(slow);
    }),
    { numRuns: 100, seed: 1 },
  );
});
