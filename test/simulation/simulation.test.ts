import { afterAll, beforeAll, expect, test } from 'vitest';

import { Simulation } from './simulation.ts';
import { SMALL } from './terms.ts';

let simulation: Simulation;

beforeAll(async () => {
  simulation = await Simulation.start(SMALL);
}, 180_000);
afterAll(() => simulation.stop());

test('a chain of six stores goes through rough days, and nobody is let down in silence', async () => {
  expect(await simulation.run()).toEqual([]);
  const { tally } = simulation;
  const happened = ['booked', 'walk-ins', 'taken in', 'collected', 'rides', 'findings'];
  expect(happened.filter((what) => tally.of(what) === 0)).toEqual([]);
  expect(tally.of('promises kept')).toBeGreaterThan(0);
  expect(tally.under('mishap/').length).toBeGreaterThan(5);
}, 180_000);
