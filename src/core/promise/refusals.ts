import { Usage } from '../claims/usage.ts';
import type { Line, Network, Store, Workshop } from '../network/network.ts';
import { loadOf } from './load.ts';
import type { NoPlan, Plan, PlanRequest } from './plan.ts';

/** What the refusals need of a planner. */
interface Finder {
  find(request: PlanRequest): Plan | null;
  dispose(): void;
}

/** More than any order can be. */
const NO_LIMIT = 2 ** 30;

/**
 * Tells why there is no way, by asking again with less in the way: with nothing taken, then without any
 * limit of vans, shifts and shelf. The planners for it are made when first needed.
 */
export class Refusals {
  private empty: Finder | null = null;
  private unlimited: Finder | null = null;

  constructor(
    private readonly network: Network,
    private readonly finderOf: (network: Network, usage: Usage) => Finder,
  ) {}

  /** For a request that was found to have no way. */
  reasonFor(request: PlanRequest): NoPlan {
    const { dropOffStoreCode, pickUpStoreCode } = request;
    const { stores } = this.network;
    if (!stores.has(dropOffStoreCode) || !stores.has(pickUpStoreCode)) {
      return { code: 'NO_CONNECTION' };
    }
    const workshops = this.workshopsFor(request);
    if (workshops.length === 0) return { code: 'NO_SKILL' };
    if (!this.isConnected(request, workshops)) return { code: 'NO_CONNECTION' };
    return { code: this.isTooLarge(request) ? 'TOO_LARGE' : 'BEYOND_HORIZON' };
  }

  dispose(): void {
    this.empty?.dispose();
    this.unlimited?.dispose();
  }

  private workshopsFor({ items }: PlanRequest): readonly Workshop[] {
    const { skills } = loadOf(items);
    return [...this.network.workshops.values()].filter(({ shifts }) =>
      skills.every((skill) => shifts.some(({ units }) => (units.get(skill) ?? 0) > 0)),
    );
  }

  /** An unconnected pair is never too large, so the order of the two questions does not matter. */
  private isTooLarge(request: PlanRequest): boolean {
    this.empty ??= this.finderOf(this.network, new Usage());
    if (this.empty.find(request) !== null) return false;
    this.unlimited ??= this.finderOf(withoutLimits(this.network), new Usage());
    return this.unlimited.find(request) !== null;
  }

  private isConnected(
    { dropOffStoreCode, pickUpStoreCode }: PlanRequest,
    workshops: readonly Workshop[],
  ): boolean {
    const place = placeNames(this.network);
    const lines = [...this.network.lines.values()].filter((line) => line.departures.length > 0);
    const inward = reachable(place(dropOffStoreCode), lines, place);
    return workshops.some(
      ({ code }) =>
        inward.has(place(code)) && reachable(place(code), lines, place).has(place(pickUpStoreCode)),
    );
  }
}

/** A workshop in a store is where the store is. */
function placeNames({ workshops }: Network): (code: string) => string {
  return (code) => workshops.get(code)?.storeCode ?? code;
}

function reachable(
  from: string,
  lines: readonly Line[],
  place: (code: string) => string,
): ReadonlySet<string> {
  const seen = new Set([from]);
  for (let size = 0; size < seen.size;) {
    size = seen.size;
    for (const { stops } of lines) {
      const first = stops.findIndex((stop) => seen.has(place(stop.code)));
      if (first >= 0) for (const stop of stops.slice(first)) seen.add(place(stop.code));
    }
  }
  return seen;
}

function withoutLimits(network: Network): Network {
  return {
    ...network,
    stores: mapValues(network.stores, (store): Store => ({ ...store, shelfPairs: null })),
    lines: mapValues(network.lines, (line): Line => ({ ...line, pairs: NO_LIMIT })),
    workshops: mapValues(network.workshops, (workshop): Workshop => ({
      ...workshop,
      shifts: workshop.shifts.map((shift) => ({
        ...shift,
        units: mapValues(shift.units, (units) => (units > 0 ? NO_LIMIT : 0)),
      })),
    })),
  };
}

function mapValues<V>(
  map: ReadonlyMap<string, V>,
  change: (value: V) => V,
): ReadonlyMap<string, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
