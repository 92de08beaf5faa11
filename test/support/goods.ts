import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';

import type { PairData } from '../../src/core/goods/pair.ts';
import type { Network } from '../../src/core/network/network.ts';
import { Goods } from '../../src/features/goods/index.ts';
import { RecordProgress } from '../../src/features/orders/index.ts';
import {
  aBooking,
  bookOrder,
  newKey,
  readOrder,
  type BookingParts,
  type OrderAnswer,
} from './bookings.ts';
import type { TestService, Token } from './service.ts';
import { storedNetwork } from './stored-state.ts';
import { at, when, workedNetwork } from './worked-network.ts';

const HQ = { role: 'hq', id: 'hq' } as const;

/** What `scan` takes; times as in `Mon 14:00`. */
export interface Scanned {
  readonly id?: string;
  readonly tag: string;
  readonly kind: string;
  readonly placeCode: string;
  readonly at: string;
  readonly trip?: { readonly lineCode: string; readonly departs: string };
  readonly toCode?: string;
  readonly shelf?: string;
  readonly skill?: string;
  readonly photos?: readonly object[];
}

export interface ScanAnswer {
  readonly id: string;
  readonly tag: string;
  readonly outcome: string;
  readonly discrepancies: readonly string[];
  readonly refusedMediaIds: readonly string[];
}

/** Takes in all pairs of a booked order at its drop-off store, at the start of its slot. @returns their tags */
export async function takeIn(service: TestService, order: OrderAnswer): Promise<string[]> {
  const network = await storedNetwork(service.db);
  const pairs = pairsOf(order, network);
  const goods = service.app.get(Goods, { strict: false });
  await service.app
    .get(DataSource, { strict: false })
    .transaction((tx) => goods.create(tx, pairs, HQ.id));
  const recorded = await service.app.get(RecordProgress, { strict: false }).run({
    caller: HQ,
    requestKey: newKey(),
    orderId: order.id,
    kind: 'RECEIVED',
  });
  if (!recorded.ok) throw new Error(JSON.stringify(recorded.error));
  return pairs.map(({ tag }) => tag);
}

function pairsOf(order: OrderAnswer, network: Network): readonly PairData[] {
  let number = 0;
  return order.items.flatMap(({ pairs, serviceCodes }, at) =>
    Array.from({ length: pairs }, () => {
      number += 1;
      return {
        id: randomUUID(),
        orderId: order.id,
        item: at + 1,
        number,
        // N is in no tag: with a bare number, one in nineteen would be read as another tag.
        tag: `${order.ticketCode}-N${number}`,
        condition: null,
        place: { kind: 'STORE' as const, code: order.dropOff.store.code },
        since: Date.parse(order.dropOff.start),
        shelf: null,
        operations: serviceCodes
          .flatMap((code) => network.services.get(code)!.operations)
          .map((operation, index) => ({
            ...operation,
            position: index + 1,
            origin: 'SERVICE' as const,
            findingId: null,
            startedAt: null,
            finishedAt: null,
            workshopCode: null,
            shiftStart: null,
          })),
      };
    }),
  );
}

/** As headquarters unless a token is given. */
export async function scan(
  service: Pick<TestService, 'data' | 'tokens'>,
  scans: readonly Scanned[],
  token: Token = service.tokens.hq,
): Promise<readonly ScanAnswer[]> {
  const given = scans.map(({ id = randomUUID(), at, trip, ...rest }) => ({
    ...rest,
    id,
    at: instantOf(at),
    ...(trip && { trip: { ...trip, departs: instantOf(trip.departs) } }),
  }));
  const { scan: report } = await service.data<{ scan: { results: ScanAnswer[] } }>(
    `mutation ($scans: [ScanInput!]!) {
       scan(input: { scans: $scans }) { results { id tag outcome discrepancies refusedMediaIds } }
     }`,
    { scans: given },
    token,
  );
  return report.results;
}

const instantOf = (text: string): string => (/^\d/.test(text) ? text : when(text));

export const PAIR = `id tag orderId item number since shelf
  place { kind code lineCode departs }
  operations { position skill units dwellMinutes origin startedAt finishedAt workshopCode shiftStart }
  scans { id kind placeCode lineCode departs toCode shelf skill at receivedAt discrepancies }
  photos { stage caption at mediaId }`;

export interface PairAnswer {
  readonly id: string;
  readonly tag: string;
  readonly shelf: string | null;
  readonly since: string;
  readonly place: {
    readonly kind: string;
    readonly code: string;
    readonly lineCode: string | null;
    readonly departs: string | null;
  };
  readonly operations: readonly {
    readonly position: number;
    readonly skill: string;
    readonly origin: string;
    readonly startedAt: string | null;
    readonly finishedAt: string | null;
    readonly workshopCode: string | null;
    readonly shiftStart: string | null;
  }[];
  readonly scans: readonly { readonly kind: string; readonly discrepancies: readonly string[] }[];
  readonly photos: readonly { readonly stage: string; readonly mediaId: string }[];
}

export async function readPair(
  service: TestService,
  tag: string,
  token: Token = service.tokens.hq,
): Promise<PairAnswer | null> {
  const query = `query ($tag: ID!) { pair(tag: $tag) { ${PAIR} } }`;
  return (await service.data<{ pair: PairAnswer | null }>(query, { tag }, token)).pair;
}

/** The trip of `A-W` that leaves on `Mon 14:00`. */
export const aTrip = (lineCode: string, departs: string) => ({ lineCode, departs });

/** The orders that are to be planned again, with why. */
export async function replans(service: TestService): Promise<Record<string, string>> {
  const rows = await service.rows<{ order_id: string; cause: string }>(
    `SELECT order_id, cause FROM replan`,
  );
  return Object.fromEntries(rows.map(({ order_id, cause }) => [order_id, cause]));
}

/** Books on Monday at 08:00 and hands in at 10:30. */
export async function takenIn(
  service: TestService,
  parts: BookingParts = {},
): Promise<{ readonly order: OrderAnswer; readonly tags: readonly string[] }> {
  service.clock.set(at('Mon 08:00'));
  const order = await bookOrder(service, aBooking(parts));
  if (order.__typename !== 'Order') throw new Error(JSON.stringify(order));
  service.clock.set(at('Mon 10:30'));
  return { order, tags: await takeIn(service, order) };
}

export const statusOf = async (service: TestService, orderId: string): Promise<string> =>
  (await readOrder(service, orderId))!.status;

/** The way of a pair from A through W to B, as it is planned. */
export const WAY: readonly Omit<Scanned, 'tag'>[] = [
  { kind: 'LOADED', placeCode: 'A', at: 'Mon 13:50', trip: aTrip('A-W', 'Mon 14:00') },
  { kind: 'UNLOADED', placeCode: 'W', at: 'Mon 15:05', trip: aTrip('A-W', 'Mon 14:00') },
  { kind: 'WORK_STARTED', placeCode: 'W', at: 'Tue 09:30' },
  { kind: 'WORK_FINISHED', placeCode: 'W', at: 'Tue 17:00' },
  { kind: 'LOADED', placeCode: 'W', at: 'Tue 18:20', trip: aTrip('W-B', 'Tue 18:30') },
  { kind: 'UNLOADED', placeCode: 'B', at: 'Tue 20:00', trip: aTrip('W-B', 'Tue 18:30') },
  { kind: 'PUT_AWAY', placeCode: 'B', at: 'Tue 20:20', shelf: 'R2-14' },
];

/** {@link workedNetwork} with room for many visits. */
export const ROOMY = workedNetwork({ counter: { visits: 100 }, workUnits: 1000 });
