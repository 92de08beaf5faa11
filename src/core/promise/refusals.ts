import { Usage } from '../claims/usage.ts';
import type { Line, Network, Store, Workshop } from '../network/network.ts';
import { loadOf } from './load.ts';
import type { NoPlan, OnwardGroup, OnwardRequest, Plan } from './plan.ts';

/** What the refusals need of a planner. */
interface Finder {
  findOnward(request: OnwardRequest): Plan | null;
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
  reasonFor(request: OnwardRequest): NoPlan {
    const { groups, pickUpStoreCode } = request;
    const { stores, workshops } = this.network;
    const isPlace = ({ fromCode }: OnwardGroup) => stores.has(fromCode) || workshops.has(fromCode);
    if (groups.length === 0 || !groups.every(isPlace) || !stores.has(pickUpStoreCode)) {
      return { code: 'NO_CONNECTION' };
    }
    const stops = groups.map((group) => this.stopsFor(group));
    if (stops.some((choice) => choice.length === 0)) return { code: 'NO_SKILL' };
    const isConnected = groups.every(({ fromCode }, index) =>
      this.isConnected(fromCode, stops[index]!, pickUpStoreCode),
    );
    if (!isConnected) return { code: 'NO_CONNECTION' };
    return { code: this.isTooLarge(request) ? 'TOO_LARGE' : 'BEYOND_HORIZON' };
  }

  dispose(): void {
    this.empty?.dispose();
    this.unlimited?.dispose();
  }

  /** Codes of the places of which the goods must pass through one: where their work can be done, if any is left. */
  private stopsFor({ fromCode, items }: OnwardGroup): readonly string[] {
    const { skills } = loadOf(items, 0);
    if (skills.length === 0) return [fromCode];
    return [...this.network.workshops.values()]
      .filter(({ shifts }) =>
        skills.every((skill) => shifts.some(({ units }) => (units.get(skill) ?? 0) > 0)),
      )
      .map(({ code }) => code);
  }

  /** An unconnected pair is never too large, so the order of the two questions does not matter. */
  private isTooLarge(request: OnwardRequest): boolean {
    this.empty ??= this.finderOf(this.network, new Usage());
    if (this.empty.findOnward(request) !== null) return false;
    this.unlimited ??= this.finderOf(withoutLimits(this.network), new Usage());
    return this.unlimited.findOnward(request) !== null;
  }

  private isConnected(fromCode: string, stops: readonly string[], toCode: string): boolean {
    const place = placeNames(this.network);
    const lines = [...this.network.lines.values()].filter((line) => line.departures.length > 0);
    const inward = reachable(place(fromCode), lines, place);
    return stops.some(
      (code) => inward.has(place(code)) && reachable(place(code), lines, place).has(place(toCode)),
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
      ...(workshop.cuts === undefined
        ? {}
        : { cuts: mapValues(workshop.cuts, (left) => mapValues(left, unlimited)) }),
      shifts: workshop.shifts.map((shift) => ({
        ...shift,
        units: mapValues(shift.units, unlimited),
      })),
    })),
  };
}

const unlimited = (units: number): number => (units > 0 ? NO_LIMIT : 0);

function mapValues<K, V>(map: ReadonlyMap<K, V>, change: (value: V) => V): ReadonlyMap<K, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
