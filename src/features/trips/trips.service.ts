import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { TripCall } from '../../core/goods/manifest.ts';
import type { TripName } from '../../core/goods/scan.ts';
import { callAt, departuresOn } from '../../core/goods/trips.ts';
import type { Line } from '../../core/network/network.ts';
import { ok, type Result } from '../../core/result.ts';
import { instantOfDay } from '../../core/time/instant-at.ts';
import { dayNumber, isLocalDate, localDayOf } from '../../core/time/local-date.ts';
import { MINUTE_MS, type EpochMs, type LocalDate } from '../../core/time/time.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { Capacity } from '../capacity/index.ts';
import { Manifests, type Manifest } from './manifests.service.ts';
import {
  lineOf,
  timetabled,
  TripCalls,
  type CallReport,
  type TripRefused,
} from './trip-calls.service.ts';
import { tripKey, TripRows } from './trip-rows.ts';

/** A van that calls at a place. */
export interface TripVisit extends TripName {
  readonly stop: number;
  readonly plannedAt: EpochMs;
  readonly isCancelled: boolean;
  readonly call: TripCall | null;
}

/** Vans: where they call, and when they really did. */
@Injectable()
export class Trips {
  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
    private readonly manifests: Manifests,
    private readonly rows: TripRows,
    private readonly calls: TripCalls,
  ) {}

  /** Null: the timetable has no such trip. */
  async find(trip: TripName): Promise<Manifest | null> {
    const { network } = await this.capacity.world();
    const line = lineOf(network, trip);
    return line === undefined ? null : this.manifests.of(trip, line, network);
  }

  /** By time, then by line and departure. @throws GraphQLError BAD_USER_INPUT unless it is a date */
  async at(placeCode: string, date: LocalDate): Promise<readonly TripVisit[]> {
    if (!isLocalDate(date)) throw badInput('A date is written as in 2026-03-01.', 'date');
    const { network } = await this.capacity.world();
    const place = network.stores.get(placeCode) ?? network.workshops.get(placeCode);
    if (place === undefined) return [];
    const day = dayNumber(date);
    const from = instantOfDay(day, 0, place.timeZone);
    const until = instantOfDay(day + 1, 0, place.timeZone);
    const visits = [...network.lines.values()]
      .flatMap((line) => visitsOf(line, placeCode, from, until))
      .sort(
        (a, b) => a.plannedAt - b.plannedAt || compare(tripKey(a), tripKey(b)) || a.stop - b.stop,
      );
    const calls = await this.rows.callsOf(visits);
    return visits.map((visit) => ({
      ...visit,
      call: calls.get(tripKey(visit))?.find(({ stop }) => stop === visit.stop) ?? null,
    }));
  }

  /** Code of the place at a stop, to know whose it is; null: there is none. */
  async placeOf({ trip, stop }: Pick<CallReport, 'trip' | 'stop'>): Promise<string | null> {
    const line = lineOf((await this.capacity.world()).network, trip);
    return line?.stops[stop]?.code ?? null;
  }

  depart(report: CallReport): Promise<Result<Manifest, TripRefused>> {
    return this.note(report, 'departed');
  }

  arrive(report: CallReport): Promise<Result<Manifest, TripRefused>> {
    return this.note(report, 'arrived');
  }

  private async note(
    report: CallReport,
    what: 'departed' | 'arrived',
  ): Promise<Result<Manifest, TripRefused>> {
    const noted = await this.calls.note(this.db, report, what);
    if (!noted.ok) return noted;
    // With what the call has told of the trip.
    return ok((await this.find(report.trip))!);
  }
}

/** Calls of a line's trips at a place from `from` on, before `until`. */
function visitsOf(
  line: Line,
  placeCode: string,
  from: EpochMs,
  until: EpochMs,
): readonly Omit<TripVisit, 'call'>[] {
  const { code: lineCode, stops, timeZone } = line;
  const stopsThere = stops.flatMap(({ code }, stop) => (code === placeCode ? [stop] : []));
  if (stopsThere.length === 0) return [];
  const longestMin = stops.at(-1)!.minutes + LONGEST_DELAY_MIN;
  const firstDay = localDayOf(from - longestMin * MINUTE_MS, timeZone) - 1;
  const departures = departuresOn(line, firstDay, localDayOf(until, timeZone) + 1);
  return departures
    .flatMap((departs) =>
      stopsThere.map((stop) => {
        const planned = callAt(line, departs, stop);
        const plannedAt = planned ?? timetabled(line, departs, stop);
        return { lineCode, departs, stop, plannedAt, isCancelled: planned === null };
      }),
    )
    .filter(({ departs, plannedAt }) => isWritten(departs) && isWritten(plannedAt))
    .filter(({ plannedAt }) => plannedAt >= from && plannedAt < until);
}

/** Instants are written with the years 0001 to 9999 of UTC; on their first and last dates some are without. */
const isWritten = (at: EpochMs): boolean => at >= FIRST_INSTANT && at <= LAST_INSTANT;
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59Z');

/** A trip that is later than this is listed on the day that it was to run. */
const LONGEST_DELAY_MIN = 24 * 60;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
