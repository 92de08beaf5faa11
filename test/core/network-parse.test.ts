import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { parseNetworkInput } from '../../src/core/network/parse-network-input.ts';
import { withValueAt } from '../support/json-path.ts';
import { generateNetwork } from '../support/network-generator.ts';
import { SMALL_NETWORK } from '../support/small-network.ts';

const problemsOf = (json: unknown): readonly string[] => {
  const parsed = parseNetworkInput(json);
  if ('input' in parsed) return [];
  return parsed.problems.map(({ path, message }) => `${path}: ${message}`);
};

describe('a file of the right shape', () => {
  it.each([
    ['every field', SMALL_NETWORK],
    ['a generated chain', generateNetwork({ stores: 10, seed: 1 })],
    ['nothing', {}],
    ['nulls', { stores: null, workshops: null, services: null, lines: null }],
    ['a null limit', withValueAt(SMALL_NETWORK, 'stores[0].counter.dropOffPairs', null)],
    ['null bands', withValueAt(SMALL_NETWORK, 'stores[0].counter.bands', null)],
    ['content that is wrong', withValueAt(SMALL_NETWORK, 'stores[0].timeZone', 'nowhere')],
  ])('%s', (_, json) => {
    expect(parseNetworkInput(json)).toEqual({ input: json });
  });
});

describe('a file of another shape', () => {
  it.each([
    ['no object', [], ': must be an object'],
    ['null', null, ': must be an object'],
    ['a text', 'stores', ': must be an object'],
    ['a list that is none', { stores: {} }, 'stores: must be a list'],
    ['an entry that is none', { lines: [null] }, 'lines[0]: must be an object'],
    ['a field too many', { shops: [] }, 'shops: there is no such field'],
    [
      'a prototype for a field',
      JSON.parse('{"__proto__": {"stores": []}}') as unknown,
      '__proto__: there is no such field',
    ],
  ])('%s', (_, json, problem) => {
    expect(problemsOf(json)).toEqual([problem]);
  });

  it.each([
    ['a misspelt field', 'stores[0].nightdrop', true, 'there is no such field'],
    ['a missing field', 'stores[0].counter.visits', undefined, 'is missing'],
    ['null for a field that is needed', 'stores[0].name', null, 'must be a text'],
    ['null for a field with a default', 'stores[0].nightDrop', null, 'must be true or false'],
    ['a number for a text', 'stores[0].code', 7, 'must be a text'],
    ['a text for a number', 'lines[0].pairs', '7', 'must be a whole number of at most 32 bits'],
    ['a fraction', 'lines[0].pairs', 0.5, 'must be a whole number of at most 32 bits'],
    ['33 bits', 'lines[0].pairs', 2 ** 32, 'must be a whole number of at most 32 bits'],
    ['a text for degrees', 'stores[0].latitude', '31', 'must be a number'],
    [
      'an unknown weekday',
      'lines[0].departures[0].days[1]',
      'Monday',
      'must be one of MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY',
    ],
    ['null in a list', 'workshops[0].closedDates[0]', null, 'must be a text'],
  ])('%s', (_, path, value, message) => {
    expect(problemsOf(withValueAt(SMALL_NETWORK, path, value))).toEqual([`${path}: ${message}`]);
  });

  it('has its first hundred problems told', () => {
    const problems = problemsOf({ services: Array.from({ length: 300 }, () => 1) });
    expect(problems).toHaveLength(100);
    expect(problems[99]).toBe('services[99]: must be an object');
  });

  it('never makes it throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        parseNetworkInput(json);
        parseNetworkInput({ stores: json, lines: [json] });
      }),
    );
  });
});
