import type { LimitedClaim } from '../claims/claim.ts';
import { shelfOf } from '../claims/resource.ts';
import type { Store } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import type { ShelfDays } from './pick-up-desk.ts';
import type { PlanStep } from './plan.ts';
import { arrivalOf, departureOf, type Ride } from './way.ts';
import type { FoundWay } from './found-way.ts';

/** The steps of a way in order of time; equal pieces of work are one step. */
export function stepsOf(way: FoundWay, store: Store, readyBy: EpochMs): readonly PlanStep[] {
  const putAway: PlanStep = {
    kind: 'PUT_AWAY',
    fromCode: store.code,
    toCode: store.code,
    start: way.arrival,
    end: readyBy,
    by: null,
  };
  return [...way.ridesIn.map(rideStep), ...workSteps(way), ...way.ridesOut.map(rideStep), putAway];
}

/** The steps of all ways in order of time, equal ones once. */
export function stepsInOrder(ways: readonly (readonly PlanStep[])[]): readonly PlanStep[] {
  if (ways.length === 1) return ways[0]!;
  const steps = ways.flat().sort(compareSteps);
  return steps.filter((step, at) => at === 0 || compareSteps(steps[at - 1]!, step) !== 0);
}

function compareSteps(a: PlanStep, b: PlanStep): number {
  if (a.start !== b.start) return a.start - b.start;
  if (a.end !== b.end) return a.end - b.end;
  const [one, other] = [textOf(a), textOf(b)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function textOf({ kind, fromCode, toCode, by }: PlanStep): string {
  return JSON.stringify([kind, fromCode, toCode, by]);
}

/** What a way takes of vans and shifts, as it comes. */
export function wayClaims(way: FoundWay, pairs: number): readonly LimitedClaim[] {
  return [
    ...[...way.ridesIn, ...way.ridesOut].flatMap((ride) => rideClaims(ride, pairs)),
    ...way.assignment.picks.map(({ table, shift, task }) => ({
      resource: table.resource,
      start: table.starts[shift]!,
      amount: task.amount,
      limit: table.units[shift]!,
    })),
  ];
}

function rideStep(ride: Ride): PlanStep {
  const { stops } = ride.line.line;
  return {
    kind: 'RIDE',
    fromCode: stops[ride.from]!.code,
    toCode: stops[ride.to]!.code,
    start: departureOf(ride) * MINUTE_MS,
    end: arrivalOf(ride) * MINUTE_MS,
    by: ride.line.code,
  };
}

function workSteps({ workshop, assignment }: FoundWay): readonly PlanStep[] {
  if (workshop === null) return [];
  const { code } = workshop.workshop;
  const steps = assignment.picks.map(({ table, shift, task, there, finish }): PlanStep => ({
    kind: 'WORK',
    fromCode: code,
    toCode: code,
    start: Math.max(there, table.starts[shift]!),
    end: finish,
    by: task.skill,
  }));
  steps.sort(compareWork);
  return steps.filter((step, at) => at === 0 || compareWork(steps[at - 1]!, step) !== 0);
}

function compareWork(a: PlanStep, b: PlanStep): number {
  if (a.start !== b.start) return a.start - b.start;
  if (a.end !== b.end) return a.end - b.end;
  if (a.by === b.by) return 0;
  return a.by! < b.by! ? -1 : 1;
}

function rideClaims({ line, trip, from, to }: Ride, amount: number): readonly LimitedClaim[] {
  const start = line.scheduled[trip]! * MINUTE_MS;
  return line.legNames
    .slice(from, to)
    .map((resource) => ({ resource, start, amount, limit: line.line.pairs }));
}

/** A place on the shelf for each day. */
export function shelfClaims(
  store: Store,
  { first, last }: ShelfDays,
  amount: number,
): readonly LimitedClaim[] {
  const claims: LimitedClaim[] = [];
  for (let day = first; day <= last; day++) {
    const start = instantOfDay(day, 0, store.timeZone);
    claims.push({ resource: shelfOf(store.code), start, amount, limit: store.shelfPairs });
  }
  return claims;
}
