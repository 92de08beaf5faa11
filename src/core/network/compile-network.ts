import { compileStore } from './compile-store.ts';
import { minuteOf, weekdaysOf } from './compile-times.ts';
import { NO_DISRUPTIONS, type Disruptions } from './disruptions.ts';
import { DEFAULTS } from './network-defaults.ts';
import type { NetworkDocument } from './network-document.ts';
import type { LineInput, ServiceInput, ShiftInput, WorkshopInput } from './network-input.ts';
import type { Line, Network, Service, Shift, Workshop } from './network.ts';
import { withDisruptions } from './with-disruptions.ts';

/**
 * The chain as the engine reads it: defaults filled in, times in minutes, every map in order of code
 * (code units), so that equal documents give equal networks whatever order they were stated in.
 *
 * @throws Error if the document was not validated
 */
export function compileNetwork(
  document: NetworkDocument,
  version: number,
  disruptions: Disruptions = NO_DISRUPTIONS,
): Network {
  const stated: Network = {
    version,
    stores: inCodeOrder(document.stores, compileStore),
    workshops: inCodeOrder(document.workshops, workshopOf),
    services: inCodeOrder(document.services, serviceOf),
    lines: inCodeOrder(document.lines, lineOf),
    disruptions: NO_DISRUPTIONS,
  };
  return withDisruptions(stated, disruptions);
}

function inCodeOrder<From, To>(
  parts: ReadonlyMap<string, From>,
  compile: (part: From) => To,
): ReadonlyMap<string, To> {
  const codes = [...parts.keys()].sort(byCodeUnits);
  return new Map(codes.map((code) => [code, compile(parts.get(code)!)]));
}

function workshopOf(input: WorkshopInput): Workshop {
  return {
    code: input.code,
    name: input.name,
    timeZone: input.timeZone,
    storeCode: input.storeCode ?? null,
    shifts: input.shifts.map(shiftOf),
    closedDates: dateSet(input.closedDates),
  };
}

function shiftOf(input: ShiftInput): Shift {
  const skills = [...input.skills].sort((a, b) => byCodeUnits(a.skill, b.skill));
  return {
    days: weekdaysOf(input.days),
    starts: minuteOf(input.starts),
    ends: minuteOf(input.ends),
    intakeCutOff: minuteOf(input.intakeCutOff),
    units: new Map(skills.map(({ skill, units }) => [skill, units])),
  };
}

function serviceOf(input: ServiceInput): Service {
  return {
    code: input.code,
    name: input.name,
    priceMinor: input.priceMinor,
    currency: input.currency,
    operations: input.operations.map(({ skill, units, dwellMinutes }) => ({
      skill,
      units,
      dwellMin: dwellMinutes ?? DEFAULTS.dwellMinutes,
    })),
  };
}

function lineOf(input: LineInput): Line {
  return {
    code: input.code,
    timeZone: input.timeZone,
    stops: input.stops.map(({ code, minutes }) => ({ code, minutes })),
    departures: input.departures.map(({ days, at }) => ({
      days: weekdaysOf(days),
      at: minuteOf(at),
    })),
    cutOffMin: input.cutOffMinutes ?? DEFAULTS.cutOffMinutes,
    pairs: input.pairs,
    exceptDates: dateSet(input.exceptDates),
  };
}

const dateSet = (dates: readonly string[] | null | undefined): ReadonlySet<string> =>
  new Set([...(dates ?? [])].sort(byCodeUnits));

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
