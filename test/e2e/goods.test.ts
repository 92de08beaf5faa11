import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  aBooking,
  bookOrder,
  readOrder,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { aTrip, readPair, replans, scan, takeIn, type Scanned } from '../support/goods.ts';
import { checkInvariants } from '../support/invariants.ts';
import { startService, type TestService } from '../support/service.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
});

afterAll(async () => {
  expect(await checkInvariants(service.db, await storedNetwork(service.db))).toEqual([]);
  await service.stop();
});

async function takenIn(parts: BookingParts = {}): Promise<{ order: OrderAnswer; tags: string[] }> {
  service.clock.set(at('Mon 08:00'));
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  service.clock.set(at('Mon 10:30'));
  return { order, tags: await takeIn(service, order) };
}

const statusOf = async (id: string): Promise<string> => (await readOrder(service, id))!.status;

/** The way of a pair from A through W to B, as it is planned. */
const WAY: readonly Omit<Scanned, 'tag'>[] = [
  { kind: 'LOADED', placeCode: 'A', at: 'Mon 13:50', trip: aTrip('A-W', 'Mon 14:00') },
  { kind: 'UNLOADED', placeCode: 'W', at: 'Mon 15:05', trip: aTrip('A-W', 'Mon 14:00') },
  { kind: 'WORK_STARTED', placeCode: 'W', at: 'Tue 09:30' },
  { kind: 'WORK_FINISHED', placeCode: 'W', at: 'Tue 17:00' },
  { kind: 'LOADED', placeCode: 'W', at: 'Tue 18:20', trip: aTrip('W-B', 'Tue 18:30') },
  { kind: 'UNLOADED', placeCode: 'B', at: 'Tue 20:00', trip: aTrip('W-B', 'Tue 18:30') },
  { kind: 'PUT_AWAY', placeCode: 'B', at: 'Tue 20:20', shelf: 'R2-14' },
];

describe('scan', () => {
  it('takes a pair along its way: the order follows, and the customer hears of it', async () => {
    const { order, tags } = await takenIn();
    const seen: string[] = [];
    for (const step of WAY) {
      service.clock.set(at(step.at));
      const [answer] = await scan(service, [{ ...step, tag: tags[0]! }]);
      expect(answer).toMatchObject({ outcome: 'APPLIED', discrepancies: [] });
      seen.push(await statusOf(order.id));
    }
    expect(seen).toEqual([
      'IN_TRANSIT',
      'IN_CARE',
      'IN_CARE',
      'IN_CARE',
      'IN_TRANSIT',
      'READY',
      'READY',
    ]);
    const pair = (await readPair(service, tags[0]!))!;
    expect(pair).toMatchObject({ place: { kind: 'STORE', code: 'B' }, shelf: 'R2-14' });
    expect(pair.operations).toMatchObject([
      {
        skill: 'clean',
        startedAt: when('Tue 09:30'),
        finishedAt: when('Tue 17:00'),
        workshopCode: 'W',
        shiftStart: when('Tue 09:00'),
      },
    ]);
    expect(pair.scans.map(({ kind }) => kind)).toEqual([
      'RECEIVED',
      ...WAY.map(({ kind }) => kind),
    ]);
    const kinds = await service.rows<{ kind: string }>(
      `SELECT kind FROM event WHERE order_id = $1 ORDER BY version`,
      [order.id],
    );
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'BOOKED',
      'RECEIVED',
      'TRAVELLED',
      'TRAVELLED',
      'PROGRESSED',
      'TRAVELLED',
      'READY',
    ]);
    expect(await replans(service)).toEqual({});
  });
});
