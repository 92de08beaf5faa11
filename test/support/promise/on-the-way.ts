import { workOf } from '../../../src/core/claims/resource.ts';
import type { Network } from '../../../src/core/network/network.ts';
import type { OnwardGroup, Plan, PlanRequest, PlanStep } from '../../../src/core/promise/plan.ts';
import { shiftDates } from '../../../src/core/promise/shift-dates.ts';
import { localDayOf } from '../../../src/core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';

/**
 * Where the goods of a plan with one item are at `now` if all goes by it, and what work they still need. Work
 * is done when its shift is over; if the goods must dry after that, they are free when they are dry.
 *
 * @returns null: the plan has more than one item, whose steps cannot be told apart
 */
export function onTheWay(
  network: Network,
  { dropOffStoreCode, handedOverAt, items, now: booked }: PlanRequest,
  plan: Plan,
  now: EpochMs,
): OnwardGroup | null {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) return null;
  let here = { fromCode: dropOffStoreCode, since: Math.max(handedOverAt, booked) };
  let done = 0;
  for (const step of plan.steps) {
    if (step.kind === 'PUT_AWAY') break;
    const over =
      step.kind === 'RIDE'
        ? step.start + 1
        : shiftEnd(network, plan, step, here.since + item.operations[done]!.dwellMin * MINUTE_MS);
    if (over > now) break;
    if (step.kind === 'WORK') done++;
    here = { fromCode: step.toCode, since: step.end };
  }
  return { ...here, items: [{ ...item, operations: item.operations.slice(done) }] };
}

/** Goods that become free for an operation right when its shift ends are worked on in no time. */
function shiftEnd(
  network: Network,
  { claims }: Plan,
  { by, fromCode, start, end }: PlanStep,
  dryAt: EpochMs,
): EpochMs {
  const workshop = network.workshops.get(fromCode)!;
  const day = localDayOf(start, workshop.timeZone);
  const run = shiftDates(workshop, day - 2, day + 1).find(
    (each) =>
      each.start <= start &&
      start <= each.end &&
      end === Math.max(each.end, dryAt) &&
      claims.some((c) => c.resource === workOf(fromCode, by!) && c.start === each.start),
  );
  if (run === undefined) throw new Error(`no shift does the work at ${fromCode}`);
  return run.end;
}
