import type { Network } from '../network/network.ts';
import { DAY_MS, type EpochMs } from '../time/time.ts';

/** The UTC days, both included, of which trips and shifts are laid out. */
export interface Coverage {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** A trip or a shift in use now may have started so long ago. */
const DAYS_BEFORE = 4;
/** A store's calendar is at most a day away from UTC's, and a shift or trip may end on the next. */
const DAYS_AFTER = 3;
/** Days laid out beyond need, so that the passing of midnight is no reason to lay out anew. */
const DAYS_AHEAD = 8;

/** `known` as long as it holds every day that a plan at `now` can touch, else a new one. */
export function coverageAt(now: EpochMs, maxHorizonDays: number, known: Coverage | null): Coverage {
  const today = Math.floor(now / DAY_MS);
  const firstDay = today - DAYS_BEFORE;
  const lastDay = today + maxHorizonDays + DAYS_AFTER;
  const holds = known !== null && known.firstDay <= firstDay && lastDay <= known.lastDay;
  return holds ? known : { firstDay, lastDay: lastDay + DAYS_AHEAD };
}

export function maxHorizonDaysOf(network: Network): number {
  let days = 1;
  for (const store of network.stores.values()) days = Math.max(days, store.counter.horizonDays);
  return days;
}
