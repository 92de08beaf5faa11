import type { PlanStep } from '../promise/plan.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { houseOf, type Places } from './fold.ts';
import type { PairOperation, PairPlace } from './pair.ts';

/** Where the plan has goods at some instant. */
export type ExpectedPlace =
  /** At a store or workshop. */
  | { readonly kind: 'PLACE'; readonly code: string }
  | {
      readonly kind: 'RIDE';
      readonly lineCode: string;
      readonly fromCode: string;
      readonly toCode: string;
      readonly start: EpochMs;
    };

/** How a pair is not where its plan has it. */
export interface Deviation {
  readonly kind: 'MISSING' | 'ELSEWHERE' | 'WORK_LATE';
  readonly expected: ExpectedPlace;
}

/** Goods may be scanned so much later than planned. */
export const LATE_MS = 15 * MINUTE_MS;
/** And so much earlier: vans are loaded before they leave. */
export const EARLY_MS = 60 * MINUTE_MS;

interface Stay {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly where: ExpectedPlace;
}

interface Chain {
  code: string;
  since: EpochMs;
  readonly stays: Stay[];
}

/**
 * Where a plan has goods at `now`: one place, unless the pairs of the order go separate ways.
 *
 * @param steps of a promise, in order of time
 */
export function expectedPlaces(
  steps: readonly PlanStep[],
  now: EpochMs,
  places: Places,
): readonly ExpectedPlace[] {
  return staysOf(steps, places)
    .filter(({ from, to }) => from <= now && now < to)
    .map(({ where }) => where);
}

/** As {@link expectedPlaces}, of a plan with one way. */
export const expectedPlace = (
  steps: readonly PlanStep[],
  now: EpochMs,
  places: Places,
): ExpectedPlace => expectedPlaces(steps, now, places)[0]!;

/** Each way begins where no earlier step has brought goods to. */
function staysOf(steps: readonly PlanStep[], places: Places): readonly Stay[] {
  const chains: Chain[] = [];
  for (const step of steps) {
    const house = houseOf(step.fromCode, places);
    let here = chains.filter(
      ({ code, since }) => houseOf(code, places) === house && since <= step.start,
    );
    if (here.length === 0) {
      here = [{ code: step.fromCode, since: -Infinity, stays: [] }];
      chains.push(...here);
    }
    for (const chain of here) follow(chain, step);
  }
  return chains.flatMap(({ stays, code, since }) => [
    ...stays,
    { from: since, to: Infinity, where: { kind: 'PLACE' as const, code } },
  ]);
}

function follow(chain: Chain, { kind, start, end, fromCode, toCode, by }: PlanStep): void {
  if (chain.code !== fromCode || kind === 'RIDE') {
    chain.stays.push({ from: chain.since, to: start, where: { kind: 'PLACE', code: chain.code } });
    chain.since = start;
    chain.code = fromCode;
  }
  if (kind !== 'RIDE') return;
  const where = { kind: 'RIDE' as const, lineCode: by!, fromCode, toCode, start };
  chain.stays.push({ from: start, to: end, where });
  chain.since = end;
  chain.code = toCode;
}

/**
 * How a pair is behind or off its plan; null: it is where it should be, give or take what scanning takes.
 *
 * @param steps of the promise of its order, in order of time
 */
export function deviationOf(
  pair: { readonly place: PairPlace; readonly operations: readonly PairOperation[] },
  steps: readonly PlanStep[],
  now: EpochMs,
  places: Places,
): Deviation | null {
  const { place } = pair;
  if (place.kind === 'CUSTOMER') return null;
  const stays = staysOf(steps, places);
  const expected = stays.find(({ from, to }) => from <= now && now < to)!.where;
  if (place.kind === 'MISSING') return { kind: 'MISSING', expected };
  const about = stays.filter(({ from, to }) => from <= now + EARLY_MS && now - LATE_MS < to);
  if (!about.some(({ where }) => isAt(place, where, places)))
    return { kind: 'ELSEWHERE', expected };
  return isWorkLate(pair.operations, steps, now) ? { kind: 'WORK_LATE', expected } : null;
}

function isAt(place: PairPlace, where: ExpectedPlace, places: Places): boolean {
  if (where.kind === 'RIDE') {
    return (
      place.kind === 'TRIP' &&
      place.lineCode === where.lineCode &&
      houseOf(place.toCode, places) === houseOf(where.toCode, places)
    );
  }
  if (place.kind === 'TRIP') return false;
  return houseOf(place.code, places) === houseOf(where.code, places);
}

/** Its next operation should be finished: every step of that skill is over. */
function isWorkLate(
  operations: readonly PairOperation[],
  steps: readonly PlanStep[],
  now: EpochMs,
): boolean {
  const next = operations.find(({ finishedAt }) => finishedAt === null);
  if (next === undefined) return false;
  const ends = steps
    .filter(({ kind, by }) => kind === 'WORK' && by === next.skill)
    .map(({ end }) => end);
  return ends.length > 0 && Math.max(...ends) + LATE_MS < now;
}
