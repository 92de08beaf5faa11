import type {
  NetworkInput,
  ServiceInput,
  StoreInput,
  WorkshopInput,
} from '../../src/core/network/network-input.ts';
import { generateLines } from './generated-lines.ts';
import { generateStore } from './generated-stores.ts';
import { DAILY, generateHub, generateInStoreWorkshop } from './generated-workshops.ts';
import { Random } from './random.ts';

export interface NetworkSize {
  /** 10 to 2,000. */
  readonly stores: number;
  /** Workshops that are hubs of their own; one for 25 stores if left out. */
  readonly hubs?: number;
  /** Trips on a working day, kept within a few per cent; four for each store if left out. */
  readonly tripsPerDay?: number;
  readonly seed: number;
  /** Of every store, workshop and line; `Asia/Shanghai` if left out. */
  readonly timeZone?: string;
  /** Of every store; 60 if left out. */
  readonly horizonDays?: number;
}

/** A point of a flat map, in km from its middle. */
interface Spot {
  readonly eastKm: number;
  readonly northKm: number;
}

/** A place of the generated chain. */
export interface Site extends Spot {
  readonly code: string;
}

/** A hub with the stores that its vans serve. */
export interface Region {
  readonly hub: Site;
  readonly stores: readonly Site[];
}

const HUB_SPACING_KM = 9;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
/** One in so many stores has a workshop of its own. */
const IN_STORE_EVERY = 20;

/**
 * A chain that looks like a real one: hubs spread over a city region, stores around them, vans that run
 * loops through a few stores, across to the next hub, and between hubs. Equal sizes give equal chains.
 * From any store any other can be reached.
 */
export function generateNetwork(size: NetworkSize): NetworkInput {
  const random = new Random(size.seed);
  const timeZone = size.timeZone ?? 'Asia/Shanghai';
  const regions = layOut(
    size.stores,
    size.hubs ?? Math.max(1, Math.round(size.stores / 25)),
    random,
  );
  const sites = regions
    .flatMap((region) => region.stores)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const horizonDays = size.horizonDays ?? 60;
  const stores: StoreInput[] = sites.map((site) =>
    generateStore(site, { timeZone, horizonDays }, random),
  );
  const workshops: WorkshopInput[] = [
    ...regions.map((region) => generateHub(region, timeZone)),
    ...stores
      .filter((_, index) => index % IN_STORE_EVERY === IN_STORE_EVERY - 1)
      .map((store) => generateInStoreWorkshop(store)),
  ];
  const lines = generateLines(regions, {
    timeZone,
    tripsPerDay: size.tripsPerDay ?? size.stores * 4,
    days: DAILY,
  });
  return { stores, workshops, services: GENERATED_SERVICES, lines };
}

/** Hubs, each with its share of the stores strewn around it. Neighbours in the list lie close together. */
function layOut(storeCount: number, hubCount: number, random: Random): readonly Region[] {
  const regions = tourOf(sunflower(hubCount)).map((spot, index) => ({
    hub: { code: `H${String(index + 1).padStart(3, '0')}`, ...spot },
    stores: [] as Site[],
  }));
  for (let index = 0; index < storeCount; index++) {
    const { hub, stores } = regions[index % hubCount]!;
    const angle = random.next() * 2 * Math.PI;
    const radiusKm = 1 + 7 * Math.sqrt(random.next());
    stores.push({
      code: `S${String(index + 1).padStart(4, '0')}`,
      eastKm: hub.eastKm + radiusKm * Math.cos(angle),
      northKm: hub.northKm + radiusKm * Math.sin(angle),
    });
  }
  return regions;
}

/** Evenly spread points. Source: H. Vogel, "A better way to construct the sunflower head", 1979. */
function sunflower(count: number): readonly Spot[] {
  return Array.from({ length: count }, (_, index) => {
    const radiusKm = HUB_SPACING_KM * Math.sqrt(index);
    return {
      eastKm: radiusKm * Math.cos(index * GOLDEN_ANGLE),
      northKm: radiusKm * Math.sin(index * GOLDEN_ANGLE),
    };
  });
}

/** From the first point always on to the nearest one left. */
function tourOf(spots: readonly Spot[]): readonly Spot[] {
  const rest = [...spots];
  const tour: Spot[] = [];
  for (let at = rest.shift(); at !== undefined;) {
    tour.push(at);
    const here = at;
    const away = (spot: Spot): number =>
      Math.hypot(spot.eastKm - here.eastKm, spot.northKm - here.northKm);
    rest.sort((a, b) => away(a) - away(b));
    at = rest.shift();
  }
  return tour;
}

const service = (
  code: string,
  name: string,
  priceMinor: number,
  ...operations: readonly (readonly [skill: string, units: number, dwellMinutes: number])[]
): ServiceInput => ({
  code,
  name,
  priceMinor,
  currency: 'CNY',
  operations: operations.map(([skill, units, dwellMinutes]) => ({ skill, units, dwellMinutes })),
});

/** One to three operations each. `basic-clean` and `waterproof` can be done in a store. */
export const GENERATED_SERVICES: readonly ServiceInput[] = [
  service('basic-clean', 'Basic clean', 5_900, ['clean', 1, 600]),
  service('deep-clean', 'Deep clean', 9_900, ['clean', 2, 1_200], ['protect', 1, 120]),
  service('waterproof', 'Waterproofing', 3_900, ['protect', 1, 240]),
  service('heel', 'New heel tips', 6_900, ['sole', 1, 180]),
  service('resole', 'Resole', 28_900, ['sole', 3, 2_880]),
  service('recolour', 'Recolour', 19_900, ['clean', 1, 600], ['colour', 3, 1_440]),
  service(
    'restore',
    'Full restoration',
    39_900,
    ['clean', 2, 1_200],
    ['colour', 3, 1_440],
    ['protect', 1, 240],
  ),
];
