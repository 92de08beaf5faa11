import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { Simulation } from './simulation.ts';
import { SMALL } from './terms.ts';

let simulation: Simulation;

beforeAll(async () => {
  simulation = await Simulation.start(SMALL);
});
afterAll(() => simulation.stop());

test('plays a chain of six stores for some days without a flaw', async () => {
  const flaws = await simulation.run();
  const groups = new Map<string, number>();
  for (const { code } of flaws) groups.set(code, (groups.get(code) ?? 0) + 1);
  console.log(groups, simulation.tally.under(''));
  for (const flaw of flaws.slice(0, 12)) console.log(flaw.code, new Date(flaw.at).toISOString(), flaw.detail.slice(0, 1500));
  expect(flaws).toEqual([]);
}, 600_000);
