import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { OnwardRequest } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { comparedOnward, type Contestant } from '../support/promise/compare.ts';
import { onwardCase } from '../support/promise/random-onward.ts';
import { Random } from '../support/random.ts';

const RUNS = 2_000;
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
