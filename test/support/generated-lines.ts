import type {
  LineInput,
  LineStopInput,
  WeekdayName,
} from '../../src/core/network/network-input.ts';
import type { Region, Site } from './network-generator.ts';

export interface TimetableTerms {
  readonly timeZone: string;
  readonly tripsPerDay: number;
  readonly days: readonly WeekdayName[];
}

/** The stops of a line to be, and how often it runs in proportion to the others. */
interface Course {
  readonly code: string;
  readonly sites: readonly Site[];
  readonly weight: number;
  readonly pairs: number;
}

const STORES_A_LOOP = 4;
const STORES_A_CROSSING = 3;
const FIRST_DEPARTURE_MIN = 6 * 60 + 30;
const LAST_DEPARTURE_MIN = 20 * 60 + 30;
const KM_AN_HOUR = 28;
const CALL_MIN = 4;

/** Loops of each hub, crossings to the next hub, and lines between hubs, with about the trips wanted. */
export function generateLines(
  regions: readonly Region[],
  terms: TimetableTerms,
): readonly LineInput[] {
  const courses = [
    ...regions.flatMap(loopsOf),
    ...(regions.length < 2 ? [] : regions.flatMap((_, index) => crossingsOf(regions, index))),
    ...hubCourses(regions.map((region) => region.hub)),
  ];
  const weights = courses.reduce((sum, course) => sum + course.weight, 0);
  let owed = 0;
  return courses.map((course, index) => {
    owed += (terms.tripsPerDay * course.weight) / weights;
    const trips = Math.max(1, Math.round(owed));
    owed -= trips;
    return lineOf(course, trips, index, terms);
  });
}

/** Hub, a few stores that lie in the same direction, hub. */
function loopsOf({ hub, stores }: Region): readonly Course[] {
  return inChunks(byDirection(hub, stores), STORES_A_LOOP).map((sites, index) => ({
    code: `${hub.code}-L${String(index + 1).padStart(2, '0')}`,
    sites: [hub, ...sites, hub],
    weight: 10,
    pairs: 80,
  }));
}

/** From one hub through a few of its stores to the next hub; every other one the other way. */
function crossingsOf(regions: readonly Region[], at: number): readonly Course[] {
  const { hub, stores } = regions[at]!;
  const next = regions[(at + 1) % regions.length]!.hub;
  const half = byDirection(hub, stores).filter((_, index) => index % 2 === 0);
  return inChunks(half, STORES_A_CROSSING).map((sites, index) => {
    const course = [hub, ...sites, next];
    return {
      code: `${hub.code}-X${String(index + 1).padStart(2, '0')}`,
      sites: index % 2 === 0 ? course : course.reverse(),
      weight: 6,
      pairs: 60,
    };
  });
}

/** Around the ring of hubs both ways, two hops a line, and from each hub to the first and back. */
function hubCourses(hubs: readonly Site[]): readonly Course[] {
  if (hubs.length < 2) return [];
  const at = (index: number): Site => hubs[(index + hubs.length) % hubs.length]!;
  return hubs.flatMap((hub, index) => {
    const express = { weight: 5, pairs: 300 };
    const ring = [
      { code: `${hub.code}-R`, sites: [hub, at(index + 1), at(index + 2)], ...express },
      { code: `${hub.code}-Q`, sites: [hub, at(index - 1), at(index - 2)], ...express },
    ];
    if (index === 0) return ring;
    return [...ring, { code: `${hub.code}-C`, sites: [hub, hubs[0]!, hub], ...express }];
  });
}

function lineOf(course: Course, trips: number, index: number, terms: TimetableTerms): LineInput {
  const everyMin = Math.floor((LAST_DEPARTURE_MIN - FIRST_DEPARTURE_MIN) / trips);
  // Lines start at different minutes, so that connections are neither all good nor all missed.
  const firstMin = FIRST_DEPARTURE_MIN + ((index * 7) % Math.max(1, Math.min(everyMin, 60)));
  return {
    code: course.code,
    timeZone: terms.timeZone,
    stops: timed(course.sites),
    departures: Array.from({ length: trips }, (_, trip) => ({
      days: terms.days,
      at: clockText(firstMin + trip * everyMin),
    })),
    cutOffMinutes: course.pairs > 100 ? 20 : 15,
    pairs: course.pairs,
    exceptDates: [],
  };
}

function timed(sites: readonly Site[]): readonly LineStopInput[] {
  let minutes = 0;
  return sites.map((site, index) => {
    const before = sites[index - 1];
    if (before !== undefined)
      minutes += CALL_MIN + Math.ceil((60 * kmBetween(before, site)) / KM_AN_HOUR);
    return { code: site.code, minutes };
  });
}

const kmBetween = (a: Site, b: Site): number =>
  Math.hypot(a.eastKm - b.eastKm, a.northKm - b.northKm);

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function byDirection(from: Site, sites: readonly Site[]): readonly Site[] {
  const angle = (site: Site): number =>
    Math.atan2(site.northKm - from.northKm, site.eastKm - from.eastKm);
  return [...sites].sort((a, b) => angle(a) - angle(b));
}

function inChunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
