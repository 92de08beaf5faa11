import { departuresOn } from '../../src/core/goods/trips.ts';
import type { Line } from '../../src/core/network/network.ts';
import { localDayOf } from '../../src/core/time/local-date.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { Answer } from './api.ts';
import { iso, MINUTE, type Ground } from './ground.ts';
import { OPERATIONS, TRIP } from './operations.ts';
import type { SimPair } from './order-book.ts';
import type { Scanners, SimScan } from './scanners.ts';

/** One run of a van as it really goes. */
interface Van {
  readonly line: Line;
  readonly departs: EpochMs;
  readonly name: string;
  readonly lateMs: number;
}

interface ManifestPair {
  readonly pair: { readonly tag: string };
  readonly fromCode: string;
  readonly toCode: string;
  readonly isListed: boolean;
  readonly unloadedAt: string | null;
}

/** The vans and who drives them: they load what the manifest lists and is there. */
export class Vans {
  private readonly getOff = new Map<SimPair, string>();

  constructor(
    private readonly ground: Ground,
    private readonly scanners: Scanners,
    private readonly arrived: (pairs: readonly SimPair[], storeCode: string) => void,
  ) {}

  /** All trips of the day that begins now. */
  plan(dayStart: EpochMs): void {
    for (const line of this.ground.network.lines.values()) {
      const day = localDayOf(dayStart + 12 * 60 * MINUTE, line.timeZone);
      for (const departs of departuresOn(line, day, day)) this.planTrip(line, departs);
    }
  }

  private planTrip(line: Line, departs: EpochMs): void {
    const { agenda, terms, tally } = this.ground;
    const { habits } = terms;
    const random = this.ground.chance(`van ${line.code} ${departs}`);
    const isReported = !random.chance(habits.unreported);
    if (random.chance(habits.cancelledVans)) {
      tally.add('mishap/van cancelled');
      const noticeMs = random.int(5, 120) * MINUTE;
      if (isReported) {
        agenda.at(departs - noticeMs, () => this.report('CANCEL_TRIP', line, departs));
      } else tally.add('mishap/van cancelled, nobody said so');
      return;
    }
    const isLate = random.chance(habits.lateVans);
    const lateMin = isLate ? random.int(15, 120) : random.int(0, habits.lateVans > 0 ? 6 : 0);
    const van = { line, departs, lateMs: lateMin * MINUTE, name: vanName(line.code, departs) };
    if (isLate) {
      tally.add('mishap/van late');
      const noticeMs = random.int(-5, 40) * MINUTE;
      if (isReported) {
        agenda.at(departs - noticeMs, () => this.report('DELAY_TRIP', line, departs, lateMin));
      } else tally.add('mishap/van late, nobody said so');
    }
    for (const [stop, { minutes }] of line.stops.entries()) {
      agenda.at(departs + minutes * MINUTE + van.lateMs, () => this.call(van, stop));
    }
  }

  private async report(kind: string, line: Line, departs: EpochMs, delayMinutes?: number) {
    const { api } = this.ground;
    const disruption = { kind, partCode: line.code, from: iso(departs), delayMinutes };
    await api.change(OPERATIONS.applyDisruption, { disruption }, api.hq());
  }

  /** First everybody off, then on. A stop with nothing to do is passed. */
  private async call(van: Van, stop: number): Promise<void> {
    const { code } = van.line.stops[stop]!;
    const { book } = this.ground;
    const aboard = book.at(van.name);
    const isLast = stop === van.line.stops.length - 1;
    const waiting = isLast ? [] : this.housesOf(code).flatMap((place) => book.at(place));
    if (aboard.length === 0 && waiting.length === 0) return;
    const staffCode = code;
    if (stop > 0) await this.say('arriveTrip', van, stop);
    await this.unload(van, staffCode, aboard, isLast);
    if (isLast) return;
    await this.load(van, staffCode, waiting);
    await this.say('departTrip', van, stop);
  }

  /** A bench in a store is in the store's house. */
  private housesOf(code: string): readonly string[] {
    const { workshops } = this.ground.network;
    const own = [...workshops.values()].filter(({ storeCode }) => storeCode === code);
    const store = workshops.get(code)?.storeCode;
    return [code, ...own.map((workshop) => workshop.code), ...(store == null ? [] : [store])];
  }

  private async unload(
    van: Van,
    code: string,
    aboard: readonly SimPair[],
    isLast: boolean,
  ): Promise<void> {
    const { book, tally, terms } = this.ground;
    const random = this.ground.chance('unloading');
    const off: SimPair[] = [];
    const scans: SimScan[] = [];
    for (const pair of aboard) {
      const isHere = this.getOff.get(pair) === code;
      if (!isHere && !isLast) continue;
      if (isHere && !isLast && random.chance(terms.habits.leftInVan)) {
        tally.add('mishap/left in the van');
        pair.isAstray = true;
        continue;
      }
      if (!isHere) pair.isAstray = true;
      book.put(pair, code);
      off.push(pair);
      scans.push({ pair, kind: 'UNLOADED', placeCode: code, isAt: code, trip: tripOf(van) });
    }
    await this.scanners.take(code, scans);
    if (off.length > 0 && this.ground.network.stores.has(code)) this.arrived(off, code);
  }

  private async load(van: Van, code: string, waiting: readonly SimPair[]): Promise<void> {
    const { book, tally, terms } = this.ground;
    if (waiting.length === 0) return;
    const listed = await this.manifest(van, code);
    const random = this.ground.chance('loading');
    const scans: SimScan[] = [];
    for (const pair of waiting) {
      const row = listed.get(pair.tag);
      if (row === undefined || pair.isBusy) continue;
      if (random.chance(terms.habits.forgotten)) {
        tally.add('mishap/forgotten at a stop');
        pair.isAstray = true;
        continue;
      }
      book.put(pair, van.name);
      this.getOff.set(pair, row.toCode);
      tally.add('rides');
      const scan = { pair, kind: 'LOADED', placeCode: code, isAt: van.name, toCode: row.toCode };
      if (random.chance(terms.habits.notScanned)) {
        tally.add('mishap/loaded without a scan');
        pair.isAstray = true;
      } else {
        // Whatever went wrong before is over, but for what scanners have not sent.
        pair.isAstray = pair.unsent > 0;
        scans.push({ ...scan, trip: tripOf(van) });
      }
    }
    await this.scanners.take(code, scans);
  }

  private async manifest(van: Van, code: string): Promise<ReadonlyMap<string, ManifestPair>> {
    const { api } = this.ground;
    const { trip } = await api.read<{ trip: { pairs: readonly ManifestPair[] } }>(
      TRIP,
      tripOf(van),
      api.staff(code),
    );
    const here = trip.pairs.filter(
      ({ fromCode, isListed, unloadedAt }) => fromCode === code && isListed && unloadedAt === null,
    );
    return new Map(here.map((row) => [row.pair.tag, row]));
  }

  private async say(which: 'arriveTrip' | 'departTrip', van: Van, stop: number): Promise<void> {
    const { api } = this.ground;
    const { code } = van.line.stops[stop]!;
    await api.change<Answer>(OPERATIONS[which], { ...tripOf(van), stop }, api.staff(code));
  }
}

export const vanName = (lineCode: string, departs: EpochMs): string => `${lineCode}@${departs}`;

const tripOf = ({ line, departs }: Van) => ({ lineCode: line.code, departs: iso(departs) });
