import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf, emptyDocument } from '../../src/core/network/network-document.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { parseNetworkInput } from '../../src/core/network/parse-network-input.ts';
import { validateNetwork } from '../../src/core/network/validate-network.ts';
import { pathsIn, valueAt, withValueAt } from '../support/json-path.ts';
import { generateNetwork } from '../support/network-generator.ts';
import { SMALL_NETWORK } from '../support/small-network.ts';

const generated = generateNetwork({ stores: 12, hubs: 2, seed: 5 });

const number = fc.oneof(
  fc.integer(),
  fc.integer({ min: -3, max: 2_000 }),
  fc.constantFrom(-1, 0, 2 ** 31, 0.5, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER),
);
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '',
    '\ud83d',
    '\u0000',
    '24:00',
    '00:00',
    '23:59',
    '2027-02-29',
    '9999-12-31',
    '0000-01-01',
    'UTC',
    'S0001',
    'H001',
  ),
);
const weekday = fc.constantFrom('MONDAY', 'WEDNESDAY', 'SUNDAY');

/** Another value of the same type, as GraphQL would let through. */
const otherOf = (value: unknown): fc.Arbitrary<unknown> => {
  if (typeof value === 'number') return number;
  if (typeof value === 'string') return /^[A-Z]+DAY$/.test(value) ? weekday : text;
  return fc.array(fc.nat(), { maxLength: 4 }).map((picks) => {
    const list = value as readonly unknown[];
    return list.length === 0 ? [] : picks.map((pick) => list[pick % list.length]);
  });
};

const mutable = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'string' || Array.isArray(value);

/** A sound network and the path of one of its values. */
const placeOf = (
  wanted: (value: unknown) => boolean,
): fc.Arbitrary<{ input: NetworkInput; path: string }> =>
  fc.oneof(
    ...[SMALL_NETWORK, generated].map((input) =>
      fc.constantFrom(...pathsIn(input, wanted)).map((path) => ({ input, path })),
    ),
  );

const mutation = placeOf(mutable).chain(({ input, path }) =>
  otherOf(valueAt(input, path)).map((value) => ({ path, input: withValueAt(input, path, value) })),
);

/** The parts that a problem may be told of when something in `part` changes: itself, or what names it. */
const partOf = (path: string): string => path.split('.')[0]!;
const kindOf = (path: string): string => path.split('[')[0]!;

describe('one value of a sound network is replaced by another', () => {
  it('each problem is told of what was changed, or of what names it; none: it compiles', () => {
    fc.assert(
      fc.property(mutation, ({ path, input }) => {
        const problems = validateNetwork(emptyDocument, input);
        expect(problems.length).toBeLessThanOrEqual(100);
        for (const problem of problems) {
          const isCode = path.endsWith('.code') || ['stores', 'workshops'].includes(path);
          const isSame = partOf(problem.path) === partOf(path) || kindOf(problem.path) === path;
          expect(isSame || isCode).toBe(true);
          expect(() => valueAt(input, problem.path)).not.toThrow();
          expect(problem.message).not.toBe('');
        }
        if (problems.length === 0) compileNetwork(documentOf(input), 1);
      }),
      { numRuns: 600 },
    );
  });

  it('a value out of all bounds is told of at its own path', () => {
    fc.assert(
      fc.property(
        placeOf((value) => typeof value === 'number'),
        fc.constantFrom(-1_000, 2 ** 31, NaN, Infinity),
        ({ input, path }, value) => {
          const problems = validateNetwork(emptyDocument, withValueAt(input, path, value));
          expect(problems.map((problem) => problem.path)).toContain(path);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('does not change the input', () => {
    const before = structuredClone(generated);
    validateNetwork(emptyDocument, generated);
    parseNetworkInput(generated);
    compileNetwork(documentOf(generated), 1);
    expect(generated).toEqual(before);
  });
});
