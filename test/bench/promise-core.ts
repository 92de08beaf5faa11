import { performance } from 'node:perf_hooks';

import { workOf } from '../../src/core/claims/resource.ts';
import { Usage } from '../../src/core/claims/usage.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { PlanRequest } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { shiftDates } from '../../src/core/promise/shift-dates.ts';
import { DAY_MS, MINUTE_MS } from '../../src/core/time/time.ts';
import { generateNetwork } from '../support/network-generator.ts';
import { generateOrders } from '../support/order-generator.ts';
import { Random } from '../support/random.ts';
import { measure, quantile, type Measure } from './support/measure.ts';

const NOW = Date.parse('2026-11-22T01:00:00Z');
const HORIZON_DAYS = 60;
const REQUESTS = 1_000;
const RUNS = 20;
/** Until the code is compiled, as it is in a service at work. */
const WARM_UPS = 10;

/** What is taken before the first question: of each shift so much at least, for so many days. */
const SCENES = [
  { name: 'empty', days: 0, least: 0 },
  { name: 'full', days: HORIZON_DAYS, least: 0.9 },
  { name: 'backlog', days: 7, least: 1 },
];

/**
 * The planner alone, usage in memory: building it with all that it lays out, what that takes of memory,
 * and microseconds a question (median and 99th percentile of many), on 500 and 2,000 stores; with nothing
 * taken, with hubs 95 % full for 60 days, and with a backlog of a week. There is nothing to hold it against.
 */
export function run(): Measure[] {
  return [500, 2_000].flatMap((stores) => {
    const input = generateNetwork({ stores, hubs: stores / 25, tripsPerDay: stores * 4, seed: 7 });
    const network = compileNetwork(documentOf(input), 1);
    const requests = requestsOn(network, input);
    return SCENES.flatMap(({ name, days, least }) => {
      const usage = new Usage();
      fillHubs(network, usage, days, least);
      return measuresOf(`promise-core-${stores}-${name}`, network, usage, requests);
    });
  });
}

function measuresOf(
  name: string,
  network: Network,
  usage: Usage,
  requests: readonly PlanRequest[],
): readonly Measure[] {
  globalThis.gc?.();
  const before = bytesHeld();
  const start = performance.now();
  const planner = new Planner(network, usage);
  planner.layOut(NOW);
  const buildMs = performance.now() - start;
  globalThis.gc?.();
  const megabytes = (bytesHeld() - before) / 1e6;
  for (let run = 0; run < WARM_UPS; run++) {
    for (const request of requests) planner.plan(request);
  }

  const medians: number[] = [];
  const tails: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const times = requests.map((request) => microseconds(() => planner.plan(request)));
    medians.push(quantile(times, 0.5));
    tails.push(quantile(times, 0.99));
  }
  planner.dispose();
  return [
    measure(`${name}-build`, 'ms', [buildMs]),
    measure(`${name}-memory`, 'MB', [megabytes]),
    measure(`${name}-p50`, 'us', medians),
    measure(`${name}-p99`, 'us', tails),
  ];
}

function microseconds(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1_000;
}

function bytesHeld(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** From `least` of the units to all of them in every shift of every hub. */
function fillHubs(network: Network, usage: Usage, days: number, least: number): void {
  const random = new Random(3);
  const today = Math.floor(NOW / DAY_MS);
  for (const workshop of network.workshops.values()) {
    for (const { shift, start } of shiftDates(workshop, today, today + days - 1)) {
      for (const [skill, units] of shift.units) {
        const amount = Math.floor(units * (least + random.next() * (1 - least)));
        usage.add([{ resource: workOf(workshop.code, skill), start, amount }]);
      }
    }
  }
}

/** Orders of two weeks, most of them collected elsewhere. */
function requestsOn(
  network: Network,
  input: Parameters<typeof generateOrders>[0],
): readonly PlanRequest[] {
  const random = new Random(5);
  const orders = generateOrders(input, { seed: 5, days: 14, elsewhere: 0.7 });
  return Array.from({ length: REQUESTS }, () => {
    const { dropOffStoreCode, pickUpStoreCode, dropOffDay, items } = orders.next().value;
    return {
      dropOffStoreCode,
      pickUpStoreCode,
      handedOverAt: NOW + dropOffDay * DAY_MS + random.int(0, 720) * MINUTE_MS,
      now: NOW,
      items: items.map(({ pairs, serviceCodes }) => ({
        pairs,
        operations: serviceCodes.flatMap((code) => network.services.get(code)!.operations),
      })),
    };
  });
}
