import { normalClaims, type Claim } from '../../src/core/claims/claim.ts';
import { limitOf } from '../../src/core/claims/limits.ts';
import { legsOf, shelfOf, workOf } from '../../src/core/claims/resource.ts';
import { counterClaims } from '../../src/core/counter/remaining.ts';
import { lastDeparture } from '../../src/core/goods/trips.ts';
import type { Network, Store } from '../../src/core/network/network.ts';
import {
  pairsOf,
  type AppointmentData,
  type OrderItem,
  type VisitChoice,
} from '../../src/core/orders/order.ts';
import type { PlanStep } from '../../src/core/promise/plan.ts';
import { shiftDates } from '../../src/core/promise/shift-dates.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import { daysFrom, localDateOf, localDayOf } from '../../src/core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../src/core/time/time.ts';

/** What an order promises, of which all that it takes follows. */
export interface Promised {
  readonly items: readonly OrderItem[];
  readonly dropOff: AppointmentData;
  readonly pickUp: AppointmentData;
  readonly readyBy: EpochMs;
  readonly steps: readonly PlanStep[];
  readonly earliestPickUp?: { readonly start: EpochMs };
  readonly choice?: VisitChoice;
}

/**
 * Where `claims` are not those of the order, in words. Worked out anew from the appointments, the items
 * and the steps, so it needs a network whose timetable, shifts and services are those of the promise.
 * Which item is done in which of several shifts of one skill is not told by the steps: there the sum
 * counts.
 */
export function claimFaults(
  network: Network,
  order: Promised,
  claims: readonly Claim[],
): readonly string[] {
  const isWork = (claim: Claim): boolean => claim.resource.startsWith('work:');
  const given = normalClaims(claims);
  const expected = normalClaims([
    ...visitClaims(network, order.dropOff, order),
    ...visitClaims(network, order.pickUp, order),
    ...rideClaims(network, order),
    ...shelfClaims(network.stores.get(order.pickUp.storeCode)!, order),
  ]);
  return [
    ...differences(
      given.filter((claim) => !isWork(claim)),
      expected,
    ),
    ...workFaults(network, order, given.filter(isWork)),
  ];
}

/** Each bucket of which the two have not the same amount. */
export function differences(given: readonly Claim[], expected: readonly Claim[]): string[] {
  const off = expected.map((claim) => ({ ...claim, amount: -claim.amount }));
  return normalClaims([...given, ...off]).map(
    ({ resource, start, amount }) =>
      `${resource} ${iso(start)}: ${Math.abs(amount)} too ${amount > 0 ? 'many' : 'few'}`,
  );
}

function visitClaims(network: Network, visit: AppointmentData, { items }: Promised): Claim[] {
  const store = network.stores.get(visit.storeCode)!;
  const slot = { start: visit.start, end: visit.end, numbers: store.counter };
  return [...counterClaims(store, slot, visit.kind, pairsOf(items))];
}

function rideClaims(network: Network, { items, steps }: Promised): Claim[] {
  return steps
    .filter((step) => step.kind === 'RIDE')
    .flatMap((step) => legsRidden(network, step))
    .map((bucket) => ({ ...bucket, amount: pairsOf(items) }));
}

function legsRidden(network: Network, step: PlanStep): { resource: string; start: EpochMs }[] {
  const line = network.lines.get(step.by!)!;
  const legs = legsOf(line);
  for (const [from, boarding] of line.stops.entries()) {
    const begins = step.start - boarding.minutes * MINUTE_MS;
    const to = line.stops.findIndex(
      ({ code, minutes }, at) =>
        at > from && code === step.toCode && begins + minutes * MINUTE_MS === step.end,
    );
    if (boarding.code !== step.fromCode || to < 0) continue;
    // A trip that was late when the way was planned keeps its name.
    for (const start of [begins, lastDeparture(line, begins)]) {
      if (start === null) continue;
      const ridden = legs.slice(from, to).map((resource) => ({ resource, start }));
      if (ridden.every((bucket) => limitOf(network, bucket) !== undefined)) return ridden;
    }
  }
  throw new Error(`no trip of ${line.code} is the step ${JSON.stringify(step)}`);
}

/** Of goods that are too late for the booked pick-up until the first slot that they are in time for. */
function shelfClaims(store: Store, { items, pickUp, readyBy, ...promise }: Promised): Claim[] {
  const isPassed = readyBy > pickUp.start || isToChooseAnew(promise.choice);
  const collected = isPassed ? (promise.earliestPickUp ?? pickUp) : pickUp;
  const from = localDateOf(readyBy, store.timeZone);
  const to = localDateOf(collected.start, store.timeZone);
  return daysFrom(from, to).map((date) => ({
    resource: shelfOf(store.code),
    start: instantAt(date, 0, store.timeZone),
    amount: pairsOf(items),
  }));
}

const isToChooseAnew = (choice: VisitChoice | undefined): boolean =>
  choice?.visit === 'PICK_UP' && choice.isWithoutWay !== true;

function workFaults(network: Network, order: Promised, claims: readonly Claim[]): string[] {
  const steps = order.steps.filter((step) => step.kind === 'WORK');
  const windows = steps.map((step) => ({
    resource: workOf(step.fromCode, step.by!),
    starts: shiftsOf(network, step),
  }));
  const isIn = (claim: Claim, { resource, starts }: (typeof windows)[number]): boolean =>
    claim.resource === resource && starts.includes(claim.start);
  const strange = claims.filter((claim) => !windows.some((window) => isIn(claim, window)));
  const idle = windows.filter((window) => !claims.some((claim) => isIn(claim, window)));
  const sums = (list: readonly Claim[]) => list.map((claim) => ({ ...claim, start: 0 }));
  const workshop = steps[0]?.fromCode ?? '';
  return [
    ...strange.map(({ resource, start }) => `${resource} ${iso(start)}: no step works then`),
    ...idle.map(({ resource }) => `${resource}: a step works without taking units`),
    ...differences(sums(claims), sums(unitsNeeded(network, order.items, workshop))),
  ];
}

/** The starts of the shifts that can be meant by a step of work. */
function shiftsOf(network: Network, { fromCode, by, start, end }: PlanStep): readonly EpochMs[] {
  const workshop = network.workshops.get(fromCode)!;
  const day = localDayOf(start, workshop.timeZone);
  return shiftDates(workshop, day - 2, day + 1)
    .filter((run) => !run.isClosed && run.shift.units.has(by!))
    .filter((run) => run.start <= start && start < run.end && run.end <= end)
    .map((run) => run.start);
}

function unitsNeeded(network: Network, items: readonly OrderItem[], workshop: string): Claim[] {
  return items.flatMap(({ pairs, serviceCodes }) =>
    serviceCodes
      .flatMap((code) => network.services.get(code)!.operations)
      .map(({ skill, units }) => ({
        resource: workOf(workshop, skill),
        start: 0,
        amount: units * pairs,
      })),
  );
}

const iso = (instant: EpochMs): string => new Date(instant).toISOString();
