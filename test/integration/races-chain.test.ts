import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { OrderData } from '../../src/core/orders/order.ts';
import { Capacity } from '../../src/features/capacity/index.ts';
import { ImportNetwork } from '../../src/features/imports/index.ts';
import { HoldOrder } from '../../src/features/orders/hold-order.service.ts';
import { Holds } from '../../src/features/orders/holds.ts';
import { BookOrder, OrderReader } from '../../src/features/orders/index.ts';
import { MoveAppointment } from '../../src/features/orders/move-appointment.service.ts';
import type { SignedInCaller } from '../../src/platform/signin/caller.ts';
import { checkInvariants } from '../support/invariants.ts';
import { onDay, raceChain } from '../support/race-network.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { TwoEngines } from '../support/two-engines.ts';

const HQ: SignedInCaller = { role: 'hq', id: 'hq' };
/** Room for one order: what it has taken already is what it needs to be moved. */
const CHAIN = raceChain('C', { dropOffVisits: 1, units: 1, vanIn: 1, vanOut: 1, shelfPairs: 1 });

let engines: TwoEngines;

beforeEach(async () => {
  engines = await TwoEngines.start(CHAIN);
});

afterEach(() => engines.stop());

const request = (key: string, pickUpMinute = 600) => ({
  caller: HQ,
  requestKey: key,
  customer: { name: 'Mei', phone: null, email: 'mei@example.com', locale: null },
  dropOff: { storeCode: 'C-A', start: Date.parse(onDay(2, 600)) },
  pickUp: { storeCode: 'C-B', start: Date.parse(onDay(3, pickUpMinute)) },
  items: [{ description: 'AJ1', serviceCodes: ['clean'], pairs: 1 }],
  holdId: null,
});

/** Headquarters import the chain, and this process sees it, each time that `read` has been used. */
function importAfter<Part extends object>(part: Part, read: keyof Part): void {
  const original = (part[read] as (...args: unknown[]) => Promise<unknown>).bind(part);
  const replaced = async (...args: unknown[]) => {
    const found = await original(...args);
    if (++imports > 3) return found;
    await engines.get(1, ImportNetwork).run(CHAIN);
    await engines.get(0, Capacity).world();
    return found;
  };
  Object.assign(part, { [read]: replaced });
}

let imports = 0;

beforeEach(() => {
  imports = 0;
});

describe('while the chain is imported again', () => {
  it('an order can be moved into what it has itself', async () => {
    const booked = await engines.get(0, BookOrder).run(request('booking-1'));
    const { pickUp } = (booked as { value: OrderData }).value;
    importAfter(engines.get(0, OrderReader), 'byAppointment');
    const moved = await engines.get(0, MoveAppointment).run({
      caller: HQ,
      requestKey: 'move-of-1',
      appointmentId: pickUp.id,
      expectedVersion: 1,
      to: { storeCode: 'C-B', start: Date.parse(onDay(3, 630)) },
    });
    expect(moved).toMatchObject({ ok: true, value: { version: 2 } });
    expect(await checkInvariants(engines.db, await storedNetwork(engines.db))).toEqual([]);
  });

  it('a hold can be booked otherwise than it was held', async () => {
    const held = await engines.get(0, HoldOrder).run(request('holding-1'));
    const { id: holdId } = (held as { value: { id: string } }).value;
    importAfter(engines.get(0, Holds), 'current');
    const booked = await engines.get(0, BookOrder).run({ ...request('booking-1', 630), holdId });
    expect(booked).toMatchObject({ ok: true, value: { version: 1 } });
    expect(await checkInvariants(engines.db, await storedNetwork(engines.db))).toEqual([]);
  });
});
