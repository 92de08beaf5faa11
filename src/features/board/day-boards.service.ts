import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { vanArrivals, type VanArrival } from '../../core/board/arrivals.ts';
import type { Network, Store } from '../../core/network/network.ts';
import { DEFAULT_QUEUE_SETTINGS } from '../../core/queue/settings.ts';
import { instantOfDay } from '../../core/time/instant-at.ts';
import type { Interval } from '../../core/time/interval.ts';
import { dayNumber, localDayOf } from '../../core/time/local-date.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { Capacity } from '../capacity/index.ts';
import { BOARD, type ArrivalRow, type BoardRow } from './board-statement.ts';
import type { BoardArrival, DayBoard } from './board.ts';

/** The day of a store on one page, as of now. */
@Injectable()
export class DayBoards {
  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
  ) {}

  /** One statement, however much there is; one more look when the chain has changed. Null: no such store. */
  async of(storeCode: string, date: LocalDate): Promise<DayBoard | null> {
    let network = await this.capacity.lastSeen();
    for (;;) {
      const store = network.stores.get(storeCode);
      const board = store === undefined ? null : await this.read(network, store, date);
      if (board !== 'chain changed' && board !== null) return board;
      const newer = (await this.capacity.world()).network;
      if (board === null && newer.version === network.version) return null;
      network = newer;
    }
  }

  private async read(
    network: Network,
    store: Store,
    date: LocalDate,
  ): Promise<DayBoard | 'chain changed'> {
    const at = this.clock.now();
    const span = dateSpan(store, date);
    const vans = vanArrivals(network, store.code, span);
    const [row] = await run<BoardRow>(this.db, BOARD, valuesOf(store, date, span, vans, at));
    if (Number(row!.chain_version) > network.version) return 'chain changed';
    return boardFrom(row!, { store, date, at, vans });
  }
}

function dateSpan({ timeZone }: Store, date: LocalDate): Interval {
  const day = dayNumber(date);
  return { start: instantOfDay(day, 0, timeZone), end: instantOfDay(day + 1, 0, timeZone) };
}

function valuesOf(
  { code, timeZone }: Store,
  date: LocalDate,
  { start, end }: Interval,
  vans: readonly VanArrival[],
  now: EpochMs,
): readonly unknown[] {
  const midnight = instantOfDay(localDayOf(now, timeZone), 0, timeZone);
  const iso = (instant: EpochMs): string => new Date(instant).toISOString();
  return [
    ...[code, iso(start), iso(end), date, iso(now), iso(midnight)],
    vans.map(({ leg }) => leg),
    vans.map(({ departs }) => iso(departs)),
    vans.map(({ lineCode }) => lineCode),
    vans.map(({ stop }) => stop),
    vans.map(({ placeCode }) => placeCode),
    vans.map(({ scheduled }) => scheduled),
    vans.map(({ arrives }) => arrives),
    DEFAULT_QUEUE_SETTINGS.lateWindowMin,
  ];
}

interface Around {
  readonly store: Store;
  readonly date: LocalDate;
  readonly at: EpochMs;
  readonly vans: readonly VanArrival[];
}

function boardFrom(row: BoardRow, { store, date, at, vans }: Around): DayBoard {
  const today = localDayOf(at, store.timeZone);
  const arrivals = (row.arrivals ?? []).map((due) => arrivalFrom(vans[due.van - 1]!, due));
  return {
    ...{ store, date, at, arrivals },
    visits: row.visits ?? [],
    walkIns: row.walk_ins ?? [],
    ready: (row.ready ?? []).map((goods) => ({
      ...goods,
      overdueDays: Math.max(0, today - localDayOf(goods.pickUpStart, store.timeZone)),
    })),
    tasks: row.tasks ?? [],
    totals: {
      ...row.totals,
      arrivals: arrivals.length,
      pairsDue: arrivals.reduce((sum, { pairs }) => sum + pairs, 0),
    },
  };
}

function arrivalFrom(van: VanArrival, due: ArrivalRow): BoardArrival {
  const { lineCode, departs, placeCode, scheduled, arrives, isCancelled } = van;
  const { orders, pairs, onBoard: pairsOnBoard, unloaded: pairsUnloaded, arrivedAt } = due;
  return {
    ...{ lineCode, departs, placeCode, scheduled, arrives, isCancelled },
    ...{ orders, pairs, pairsOnBoard, pairsUnloaded, arrivedAt },
  };
}
