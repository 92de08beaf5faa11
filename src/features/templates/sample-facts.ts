import { openings } from '../../core/hours/openings.ts';
import type { MessageKind } from '../../core/messages/kinds.ts';
import type { Network, Store } from '../../core/network/network.ts';
import type { AppointmentData, OrderData, OrderItem } from '../../core/orders/order.ts';
import type { OrderStatus } from '../../core/orders/states.ts';
import { addDays, localDateOf } from '../../core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import type { MessageDetails, MessageFacts } from './facts.ts';
import type { Language } from './language.ts';

const ORDER_ID = '00000000-0000-7000-8000-000000000000';
const TICKET_CODE = 'H2W4-KYAH';
const LINK = `https://example.com/orders/${TICKET_CODE}`;
const PHOTO = 'https://example.com/photos/1.jpg';
const DROP_OFF_IN_DAYS = 1;
const PICK_UP_IN_DAYS = 4;
const KEPT_DAYS = 30;
/** A store that is closed for longer is shown as if it opened at noon UTC. */
const LOOKED_AT_DAYS = 14;
const HOUR_MS = 60 * MINUTE_MS;

const STATUS: Readonly<Record<MessageKind, OrderStatus>> = {
  ORDER_BOOKED: 'BOOKED',
  DROP_OFF_REMINDER: 'BOOKED',
  RECEIPT: 'RECEIVED',
  PROGRESS: 'IN_CARE',
  FINDING: 'IN_CARE',
  NEW_PROMISE: 'IN_CARE',
  READY: 'READY',
  PICK_UP_REMINDER: 'READY',
  PICK_UP_DAY: 'READY',
  QUEUE_NEAR: 'READY',
  MISSED: 'READY',
  OVERDUE: 'READY',
  MOVED: 'BOOKED',
  CANCELLED: 'CANCELLED',
  COLLECTED: 'COLLECTED',
};

/**
 * An order that nobody made, with everything that a message of the kind can tell.
 *
 * @param store where it is dropped off; it is collected at the next store of the same zone, if there is one
 */
export function sampleFacts(
  kind: MessageKind,
  network: Network,
  store: Store,
  language: Language,
  now: EpochMs,
): MessageFacts {
  const pickUpStore = neighbourOf(store, network);
  const dropOff = sampleVisit('DROP_OFF', store, now, DROP_OFF_IN_DAYS);
  const pickUp = sampleVisit('PICK_UP', pickUpStore, now, PICK_UP_IN_DAYS);
  const readyBy = pickUp.start - HOUR_MS;
  const order: OrderData = {
    id: ORDER_ID,
    ticketCode: TICKET_CODE,
    status: STATUS[kind],
    version: 1,
    items: sampleItems(network),
    dropOff,
    pickUp,
    promise: {
      readyBy,
      earliestPickUp: { start: pickUp.start, end: pickUp.end, capacity: 1, remaining: 1 },
      steps: [],
      delays: [],
    },
  };
  const details = sampleDetails(network, order, language);
  return { order, customer: 'Mei Lin', network, details, orderLink: LINK, now };
}

function sampleDetails(
  network: Network,
  { pickUp }: OrderData,
  language: Language,
): MessageDetails {
  const [service] = network.services.values();
  return {
    reason: 'EXTRA_WORK',
    priceMinor: service?.priceMinor ?? null,
    currency: service?.currency ?? null,
    explanation: language.sampleExplanation,
    readyBy: pickUp.start,
    photoUrl: PHOTO,
    slots: [0, 1, 2].map((hours) => ({
      start: pickUp.start + hours * HOUR_MS,
      end: pickUp.end + hours * HOUR_MS,
    })),
    visit: 'PICK_UP',
    overdueDay: 3,
    lastCollectBy: pickUp.start + KEPT_DAYS * 24 * HOUR_MS,
  };
}

function sampleItems(network: Network): readonly OrderItem[] {
  const [first, second = first] = network.services.keys();
  const of = (code: string | undefined) => (code === undefined ? [] : [code]);
  return [
    { description: 'AJ1', serviceCodes: of(first), pairs: 1 },
    { description: 'Clarks', serviceCodes: of(second), pairs: 2 },
  ];
}

function neighbourOf(store: Store, { stores }: Network): Store {
  const near = [...stores.values()].filter(({ timeZone }) => timeZone === store.timeZone);
  return near[(near.indexOf(store) + 1) % near.length]!;
}

/** An hour after the store opens, some days from now. */
function sampleVisit(
  kind: AppointmentData['kind'],
  store: Store,
  now: EpochMs,
  inDays: number,
): AppointmentData {
  const date = addDays(localDateOf(now, store.timeZone), inDays);
  const [opening] = openings(store, date, addDays(date, LOOKED_AT_DAYS));
  const opens = opening?.start ?? Date.parse(`${date}T12:00Z`);
  const start = opens + HOUR_MS;
  const end = start + store.counter.slotMin * MINUTE_MS;
  return { id: ORDER_ID, kind, storeCode: store.code, start, end, status: 'BOOKED' };
}
