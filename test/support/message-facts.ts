import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { AppointmentData, OrderData } from '../../src/core/orders/order.ts';
import { MINUTE_MS, type EpochMs, type TimeZone } from '../../src/core/time/time.ts';
import { aStore } from './worked-network.ts';

/** Stores A and B, open daily from 10 to 21, in a zone. */
export function twoStores(zone: TimeZone): Network['stores'] {
  const stores = ['A', 'B'].map((code) => aStore(code, {}, { timeZone: zone }));
  const document = documentOf({ stores, workshops: [], services: [], lines: [] });
  return compileNetwork(document, 1).stores;
}

/** An order from A to B whose slots take half an hour. */
export function anOrder(
  dropOffAt: EpochMs,
  pickUpAt: EpochMs,
  more: Partial<OrderData> = {},
): OrderData {
  const status = 'BOOKED' as const;
  const visit = (
    kind: AppointmentData['kind'],
    storeCode: string,
    start: EpochMs,
  ): AppointmentData => ({
    id: `00000000-0000-7000-8000-00000000000${kind === 'DROP_OFF' ? 1 : 2}`,
    kind,
    storeCode,
    start,
    end: start + 30 * MINUTE_MS,
    status,
  });
  const readyBy = pickUpAt - 60 * MINUTE_MS;
  const earliestPickUp = { start: pickUpAt, end: pickUpAt, capacity: 1, remaining: 1 };
  return {
    id: '00000000-0000-7000-8000-000000000000',
    ticketCode: 'AAAA-AAAA',
    status,
    version: 1,
    items: [{ description: 'AJ1', serviceCodes: ['basic-clean'], pairs: 1 }],
    dropOff: visit('DROP_OFF', 'A', dropOffAt),
    pickUp: visit('PICK_UP', 'B', pickUpAt),
    promise: { readyBy, earliestPickUp, steps: [], delays: [] },
    ...more,
  };
}
