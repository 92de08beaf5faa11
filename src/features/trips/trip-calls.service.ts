import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { isTooOld, type TripName } from '../../core/goods/scan.ts';
import { callAt, hasTrip } from '../../core/goods/trips.ts';
import { seenDelay } from '../../core/goods/van-delay.ts';
import type { Line, Network } from '../../core/network/network.ts';
import { refuse, ok, type Result } from '../../core/result.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { Capacity } from '../capacity/index.ts';
import { SeenDelays } from '../guard/index.ts';
import { Replans, type ReplanCause } from '../orders/index.ts';
import { Manifests } from './manifests.service.ts';
import { TripRows } from './trip-rows.ts';

/** A van at a stop, as somebody says. */
export interface CallReport {
  readonly trip: TripName;
  readonly stop: number;
  readonly at: EpochMs | null;
  readonly actor: string;
}

export interface TripRefused {
  readonly code: 'UNKNOWN_TRIP' | 'UNKNOWN_STOP' | 'TOO_EARLY' | 'TOO_OLD';
}

/** A van that is said to be there earlier than this before its time is another trip's. */
const MOST_EARLY_MS = 120 * MINUTE_MS;

type NewsOfVan = 'departed' | 'arrived';

/** A call that can be true, with the trip as it is known. */
interface FoundCall {
  readonly what: NewsOfVan;
  readonly line: Line;
  readonly network: Network;
  readonly then: EpochMs;
}

/** Takes note of vans that come and leave, and of what that does to what they carry. */
@Injectable()
export class TripCalls {
  constructor(
    private readonly clock: Clock,
    private readonly capacity: Capacity,
    private readonly manifests: Manifests,
    private readonly rows: TripRows,
    private readonly replans: Replans,
    private readonly delays: SeenDelays,
  ) {}

  /**
   * What was to board and is not on the van has missed it: its orders are planned again. So are all of the
   * trip if the van is late, or no longer is.
   */
  async note(
    db: DataSource,
    report: CallReport,
    what: NewsOfVan,
  ): Promise<Result<null, TripRefused>> {
    const { network } = await this.capacity.world();
    const line = lineOf(network, report.trip);
    if (line === undefined) return refuse({ code: 'UNKNOWN_TRIP' });
    const now = this.clock.now();
    const then = Math.min(report.at ?? now, now);
    const refused = refusalOf(line, report, what, { then, now });
    if (refused !== null) return refuse({ code: refused });
    await db.transaction((tx) => this.noteIn(tx, report, { what, line, network, then }));
    return ok(null);
  }

  private async noteIn(tx: EntityManager, report: CallReport, call: FoundCall): Promise<void> {
    const { trip, stop } = report;
    const { what, then } = call;
    await this.rows.lock(tx, trip);
    if (!(await this.rows[what](tx, trip, stop, then))) return;
    const causes = new Map<string, ReplanCause>();
    for (const orderId of await this.delayed(tx, report, call)) causes.set(orderId, 'TRIP_CHANGED');
    if (what === 'departed') {
      for (const orderId of await this.left(tx, report, call)) causes.set(orderId, 'DISCREPANCY');
    }
    await this.replans.askEach(tx, causes, this.clock.now());
  }

  /** Orders of the trip, if it is known to be later or earlier by this call; a cancelled one that runs is. */
  private async delayed(
    tx: EntityManager,
    { trip, actor }: CallReport,
    { line, network }: FoundCall,
  ): Promise<readonly string[]> {
    if (callAt(line, trip.departs, 0) !== null) {
      const seen = seenDelay(line, trip.departs, await this.rows.calls(trip, tx));
      return seen === null ? [] : this.delays.note(tx, { ...seen, trip, actor });
    }
    const { pairs } = await this.manifests.planned(trip, line, network, tx);
    const scans = await this.rows.scans(trip, tx);
    return [...pairs.values()].flatMap(({ pair }) => (scans.has(pair.id) ? [pair.orderId] : []));
  }

  /** Orders of what should have boarded and was not scanned; all that should have is kept. */
  private async left(
    tx: EntityManager,
    { trip, stop }: CallReport,
    { line, network }: FoundCall,
  ): Promise<readonly string[]> {
    const { pairs } = await this.manifests.planned(trip, line, network, tx);
    const scans = await this.rows.scans(trip, tx);
    const boarding = [...pairs.values()].filter(({ span }) => span.from === stop);
    const listed = boarding.map(({ pair, span }) => ({ pairId: pair.id, span }));
    await this.rows.list(tx, trip, listed);
    return boarding.flatMap(({ pair }) => (scans.has(pair.id) ? [] : [pair.orderId]));
  }
}

function refusalOf(
  line: Line,
  { trip, stop }: CallReport,
  what: NewsOfVan,
  { then, now }: { readonly then: EpochMs; readonly now: EpochMs },
): TripRefused['code'] | null {
  const last = line.stops.length - (what === 'departed' ? 2 : 1);
  if (stop < 0 || stop > last) return 'UNKNOWN_STOP';
  if (isTooOld(then, now)) return 'TOO_OLD';
  return then < timetabled(line, trip.departs, stop) - MOST_EARLY_MS ? 'TOO_EARLY' : null;
}

export function lineOf(network: Network, { lineCode, departs }: TripName): Line | undefined {
  const line = network.lines.get(lineCode);
  return line !== undefined && hasTrip(line, departs) ? line : undefined;
}

/** Whatever is known of its delay. */
export const timetabled = ({ stops }: Line, departs: EpochMs, stop: number): EpochMs =>
  departs + stops[stop]!.minutes * MINUTE_MS;
