import { normalLimitedClaims, type LimitedClaim } from '../../../src/core/claims/claim.ts';
import type { Usage } from '../../../src/core/claims/usage.ts';
import type { Network } from '../../../src/core/network/network.ts';
import type { OnwardRequest, PlanRequest, PlanStep } from '../../../src/core/promise/plan.ts';
import { addDays, localDateOf } from '../../../src/core/time/local-date.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import type { EpochMs } from '../../../src/core/time/time.ts';
import { pickUpSlot } from './exhaustive-pick-up.ts';
import { SlowSearch, type SlowPart } from './exhaustive.ts';

/** What a plan says that the slow search says too. */
export interface SlowPlan {
  readonly readyBy: EpochMs;
  readonly pickUpStart: EpochMs;
  readonly steps: readonly PlanStep[];
  readonly claims: readonly LimitedClaim[];
}

/** The earliest promise of a new order; null: no way. */
export function slowPlan(network: Network, usage: Usage, request: PlanRequest): SlowPlan | null {
  const { dropOffStoreCode: fromCode, handedOverAt, items, ...rest } = request;
  const since = Math.max(handedOverAt, request.now);
  return slowOnward(network, usage, { ...rest, groups: [{ fromCode, since, items }] });
}

interface Part {
  readonly found: SlowPart;
  readonly search: SlowSearch;
}

/**
 * Of goods under way. Several groups are always planned for a slot that all wait for: first the one that the
 * last of them finds when each waits for its own, then the first free one of each later date.
 */
export function slowOnward(
  network: Network,
  usage: Usage,
  request: OnwardRequest,
): SlowPlan | null {
  const { pickUpStart, groups } = request;
  if (pickUpStart !== undefined) {
    const parts = inTurn(network, usage, request, pickUpStart);
    if (parts !== null) return joined(parts, pickUpStart);
  }
  const parts = inTurn(network, usage, request, null);
  if (parts === null) return null;
  if (groups.length === 1) return joined(parts, null);
  for (const slot of slotsFrom(network, usage, request, latest(parts))) {
    const together = inTurn(network, usage, request, slot);
    if (together !== null) return joined(together, slot);
  }
  return null;
}

function inTurn(
  network: Network,
  usage: Usage,
  request: OnwardRequest,
  pickUpStart: EpochMs | null,
): readonly Part[] | null {
  const parts: Part[] = [];
  const taken: LimitedClaim[] = [];
  for (const group of request.groups) {
    const found = usage.withAlso(taken, () => {
      const search = new SlowSearch(network, usage, request, group, pickUpStart);
      const part = search.find();
      return part === null ? null : { found: part, search };
    });
    if (found === null) return null;
    parts.push(found);
    const { readyBy, pickUpStart: own, claims } = found.found;
    taken.push(...claims, ...found.search.shelfClaims(readyBy, pickUpStart ?? own));
  }
  return parts;
}

const latest = (parts: readonly Part[]): EpochMs =>
  Math.max(...parts.map(({ found }) => found.readyBy));

function joined(parts: readonly Part[], pickUpStart: EpochMs | null): SlowPlan {
  const readyBy = latest(parts);
  const last = parts.find(({ found }) => found.readyBy === readyBy)!;
  const slot = last.found.pickUpStart;
  const steps = parts.flatMap(({ found }) => found.steps);
  return {
    readyBy,
    pickUpStart: slot,
    steps: parts.length === 1 ? steps : inOrder(steps),
    claims: normalLimitedClaims(
      parts.flatMap(({ found, search }) => [
        ...found.claims,
        ...search.shelfClaims(found.readyBy, pickUpStart ?? slot),
      ]),
    ),
  };
}

function inOrder(steps: readonly PlanStep[]): readonly PlanStep[] {
  const keyOf = ({ start, end, kind, fromCode, toCode, by }: PlanStep): string =>
    [start, end, JSON.stringify([kind, fromCode, toCode, by])].join(' ');
  const byKey = new Map(steps.map((step) => [keyOf(step), step]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, step]) => step);
}

/** The first free slot from an instant on, then that of each later date. */
function slotsFrom(
  network: Network,
  usage: Usage,
  { pickUpStoreCode, now, groups }: OnwardRequest,
  from: EpochMs,
): readonly EpochMs[] {
  const store = { ...network.stores.get(pickUpStoreCode)!, shelfPairs: null };
  const pairs = groups.flatMap(({ items }) => items).reduce((sum, item) => sum + item.pairs, 0);
  const closures = network.disruptions.closures.get(pickUpStoreCode) ?? [];
  const free = (readyBy: EpochMs) =>
    pickUpSlot(store, { readyBy, pairs, now, pickUpStart: null, closures }, usage)?.slot;
  const slots: EpochMs[] = [];
  let slot = free(from);
  while (slot !== undefined) {
    slots.push(slot.start);
    const date = localDateOf(slot.start, store.timeZone);
    slot = free(Math.max(instantAt(addDays(date, 1), 0, store.timeZone), slot.start + 1));
  }
  return slots;
}
