import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { legsOf } from '../../core/claims/resource.ts';
import { mayBoard, plannedSpan, tripPair } from '../../core/goods/manifest.ts';
import type { TripCall, TripPair } from '../../core/goods/manifest.ts';
import type { PairData } from '../../core/goods/pair.ts';
import type { TripName } from '../../core/goods/scan.ts';
import { callAt, type StopSpan } from '../../core/goods/trips.ts';
import type { Line, Network } from '../../core/network/network.ts';
import { pairsOf, type OrderData } from '../../core/orders/order.ts';
import { together } from '../../platform/database/statement.ts';
import { Goods } from '../goods/index.ts';
import { OrderReader } from '../orders/index.ts';
import { TripRows } from './trip-rows.ts';

/** A pair that should ride or rode. */
export interface ManifestPair extends TripPair {
  readonly pair: PairData;
}

/** An order that should ride and is not handed over yet. */
export interface AwaitedOrder {
  readonly orderId: string;
  readonly ticketCode: string;
  readonly pairs: number;
  readonly fromCode: string;
  readonly toCode: string;
}

/** A trip with everything that is known of it. */
export interface Manifest {
  readonly trip: TripName;
  readonly line: Line;
  readonly calls: readonly TripCall[];
  readonly pairs: readonly ManifestPair[];
  readonly awaited: readonly AwaitedOrder[];
}

/** What should ride by the plans as they are now. */
export interface PlannedRides {
  readonly pairs: ReadonlyMap<string, { readonly pair: PairData; readonly span: StopSpan }>;
  readonly awaited: readonly AwaitedOrder[];
}

/** Makes manifests out of plans and scans. */
@Injectable()
export class Manifests {
  constructor(
    private readonly rows: TripRows,
    private readonly reader: OrderReader,
    private readonly goods: Goods,
  ) {}

  async of(trip: TripName, line: Line, network: Network): Promise<Manifest> {
    const [planned, calls, kept, scans] = await Promise.all([
      this.planned(trip, line, network),
      this.rows.calls(trip),
      this.rows.listed(trip),
      this.rows.scans(trip),
    ]);
    const hasLeft = new Set(
      calls.filter(({ departedAt }) => departedAt !== null).map(({ stop }) => stop),
    );
    const listed = new Map(kept.map(({ pairId, span }) => [pairId, span]));
    for (const [pairId, { span }] of planned.pairs) {
      if (!hasLeft.has(span.from) && !listed.has(pairId)) listed.set(pairId, span);
    }
    const ids = new Set([...listed.keys(), ...scans.keys()]);
    const pairs = (await this.rows.pairs([...ids])).map((pair) => {
      const facts = { listed: listed.get(pair.id) ?? null, scans: scans.get(pair.id) ?? [] };
      return { pair, ...tripPair(line, calls, facts) };
    });
    return { trip, line, calls, pairs, awaited: planned.awaited };
  }

  /** @param from the transaction of who is in one */
  async planned(
    trip: TripName,
    line: Line,
    network: Network,
    from?: EntityManager,
  ): Promise<PlannedRides> {
    const ids = await this.rows.claimants(legsOf(line), trip.departs, from);
    const [orders, goods] = await together([
      this.reader.many(ids, from),
      this.goods.ofOrders(ids, from),
    ]);
    const pairs = new Map<string, { pair: PairData; span: StopSpan }>();
    const awaited: AwaitedOrder[] = [];
    for (const { order } of orders) {
      const span = plannedSpan(line, trip.departs, order.promise.steps);
      if (span === null) continue;
      if (order.status === 'BOOKED') awaited.push(awaitedOrder(order, line, span));
      for (const pair of goods.get(order.id) ?? []) {
        if (isOfTrip(pair, order, trip, line, span, network)) pairs.set(pair.id, { pair, span });
      }
    }
    awaited.sort((a, b) => (a.ticketCode < b.ticketCode ? -1 : 1));
    return { pairs, awaited };
  }
}

function isOfTrip(
  { place }: PairData,
  { promise: { steps } }: OrderData,
  trip: TripName,
  line: Line,
  span: StopSpan,
  network: Network,
): boolean {
  const start = callAt(line, trip.departs, span.from) ?? trip.departs;
  return mayBoard(place, trip, { fromCode: line.stops[span.from]!.code, start }, steps, network);
}

const awaitedOrder = (order: OrderData, line: Line, { from, to }: StopSpan): AwaitedOrder => ({
  orderId: order.id,
  ticketCode: order.ticketCode,
  pairs: pairsOf(order.items),
  fromCode: line.stops[from]!.code,
  toCode: line.stops[to]!.code,
});
