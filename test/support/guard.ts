import type { DataSource } from 'typeorm';
import { DataSource as Source } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { PairData, PairPlace } from '../../src/core/goods/pair.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import { Goods } from '../../src/features/goods/index.ts';
import { Guard, PromiseSweep } from '../../src/features/guard/index.ts';
import { RecordProgress, Replans, type ReplanCause } from '../../src/features/orders/index.ts';
import type { OrderAnswer } from './bookings.ts';
import { newKey } from './bookings.ts';
import { checkInvariants, type Violation } from './invariants.ts';
import type { TestService } from './service.ts';
import { storedNetwork } from './stored-state.ts';

const HQ = { role: 'hq', id: 'hq' } as const;

/** Plans all again that is due. @returns how many orders were looked at */
export const guard = (service: TestService): Promise<number> =>
  service.app.get(Guard, { strict: false }).run();

export const sweep = (service: TestService): Promise<number> =>
  service.app.get(PromiseSweep, { strict: false }).run();

/** Whether the sweep finds an order; others may be found beside it. */
export async function isSwept(
  service: TestService,
  { id }: { readonly id: string },
): Promise<boolean> {
  await sweep(service);
  const rows = await service.rows('SELECT FROM replan WHERE order_id = $1', [id]);
  return rows.length === 1;
}

export async function askReplan(
  service: TestService,
  ids: readonly string[],
  cause: ReplanCause,
): Promise<void> {
  const db: DataSource = service.app.get(Source);
  const replans = service.app.get(Replans, { strict: false });
  await db.transaction((tx) => replans.ask(tx, ids, cause, service.clock.now()));
}

/** Takes one pair of an order in, to be cleaned, at its drop-off store. */
export async function receive(
  service: TestService,
  order: OrderAnswer,
  at: EpochMs,
  more: Partial<PairData> = {},
): Promise<void> {
  const db: DataSource = service.app.get(Source);
  const pair: PairData = {
    id: newId(),
    orderId: order.id,
    item: 1,
    number: 1,
    tag: newKey(),
    condition: null,
    place: { kind: 'STORE', code: order.dropOff.store.code },
    since: at,
    shelf: null,
    operations: [operation('clean', 1, 1200)],
    ...more,
  };
  await record(service, order, { kind: 'RECEIVED' });
  await db.transaction((tx) => service.app.get(Goods, { strict: false }).create(tx, [pair]));
}

export const operation = (
  skill: string,
  units: number,
  dwellMin: number,
): PairData['operations'][number] => ({
  position: 1,
  skill,
  units,
  dwellMin,
  origin: 'SERVICE',
  findingId: null,
  startedAt: null,
  finishedAt: null,
  workshopCode: null,
  shiftStart: null,
});

/** What befalls the goods, past all scans. */
export async function record(
  service: TestService,
  order: Pick<OrderAnswer, 'id'>,
  progress: { kind: 'RECEIVED' | 'TRAVELLED' | 'READY'; status?: 'IN_TRANSIT' | 'IN_CARE' },
): Promise<void> {
  const recorder = service.app.get(RecordProgress, { strict: false });
  const request = { caller: HQ, requestKey: newKey(), orderId: order.id, ...progress };
  const recorded = await recorder.run(request);
  if (!recorded.ok) throw new Error(JSON.stringify(recorded.error));
}

/** Puts the pairs of an order somewhere, as a scan would. */
export async function put(
  service: TestService,
  order: Pick<OrderAnswer, 'id'>,
  place: PairPlace,
  since: EpochMs,
): Promise<void> {
  const isOnTrip = place.kind === 'TRIP';
  await service.rows(
    `UPDATE pair SET place = $2, place_code = $3, trip_departs = $4, to_code = $5, since = $6
      WHERE order_id = $1`,
    [
      order.id,
      place.kind,
      isOnTrip ? place.lineCode : place.code,
      isOnTrip ? new Date(place.departs) : null,
      isOnTrip ? place.toCode : null,
      new Date(since),
    ],
  );
}

/** Finishes all work on the pairs of an order. */
export async function finish(
  service: TestService,
  order: Pick<OrderAnswer, 'id'>,
  workshopCode: string,
  shiftStart: EpochMs,
  at: EpochMs,
): Promise<void> {
  await service.rows(
    `UPDATE pair_operation SET started_at = $3, finished_at = $4, workshop_code = $2, shift_start = $3
      WHERE pair_id IN (SELECT id FROM pair WHERE order_id = $1)`,
    [order.id, workshopCode, new Date(shiftStart), new Date(at)],
  );
}

/** What an order takes, as `resource start` with its amount, times in Shanghai. */
export async function claimsOf(service: TestService, id: string): Promise<Record<string, number>> {
  const rows = await service.rows<{ bucket: string; amount: number }>(
    `SELECT resource || ' ' || to_char(start AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') AS bucket,
            amount
       FROM claim, unnest(resources, starts, amounts) AS each (resource, start, amount)
      WHERE owner_id = $1 ORDER BY 1`,
    [id],
  );
  return Object.fromEntries(rows.map(({ bucket, amount }) => [bucket, amount]));
}

/**
 * What cannot be true whatever has happened. A promise that was mended tells the way from where the goods
 * were then, so its steps do not tell all that it took; and a window may be gone that something is taken of.
 */
export async function faults(service: TestService): Promise<readonly Violation[]> {
  const network = await storedNetwork(service.db);
  const found = await checkInvariants(service.db, network);
  const apart: readonly Violation['code'][] = ['CLAIMS_DIFFER', 'NO_SUCH_WINDOW', 'OFF_GRID'];
  return found.filter(({ code }) => !apart.includes(code));
}

export interface TaskRow {
  readonly kind: string;
  readonly store_code: string;
  readonly reason: string;
}

export const tasksOf = (service: TestService, id: string): Promise<TaskRow[]> =>
  service.rows<TaskRow>(
    `SELECT kind, store_code, reason FROM staff_task WHERE order_id = $1
      ORDER BY kind, store_code, reason`,
    [id],
  );

export interface EventRow {
  readonly kind: string;
  readonly version: number;
  readonly details: Readonly<Record<string, unknown>> | null;
}

export const eventsOf = (service: TestService, id: string): Promise<EventRow[]> =>
  service.rows<EventRow>(
    'SELECT kind, version, details FROM event WHERE order_id = $1 ORDER BY version',
    [id],
  );

/** Kind and state of the messages of an order that are news, not reminders. */
export const newsOf = async (service: TestService, id: string): Promise<readonly string[]> => {
  const rows = await service.rows<{ text: string }>(
    `SELECT kind || ' ' || state AS text FROM message
      WHERE order_id = $1 AND kind = 'NEW_PROMISE' ORDER BY id`,
    [id],
  );
  return rows.map(({ text }) => text);
};
