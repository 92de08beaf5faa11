import type { MessageDetails, MessageFacts } from '../../src/features/templates/facts.ts';
import type { Service, Store } from '../../src/core/network/network.ts';
import type { OrderData, OrderItem } from '../../src/core/orders/order.ts';
import type { OrderStatus } from '../../src/core/orders/states.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import type { TimeZone } from '../../src/core/time/time.ts';

/** `2026-11-27 10:30` at a place. */
export function at(text: string, zone: TimeZone = 'Asia/Shanghai'): number {
  const [date, time] = text.split(' ') as [string, string];
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  return instantAt(date, hour * 60 + minute, zone);
}

/** Open from 09:00 to 21:00 on every day unless told otherwise. */
export function aStore(code: string, parts: Partial<Store> = {}): Store {
  const days = [1, 2, 3, 4, 5, 6, 7] as const;
  return {
    code,
    name: `Store ${code} · ${code}店`,
    address: `${code} Road 1`,
    latitude: null,
    longitude: null,
    timeZone: 'Asia/Shanghai',
    openingHours: [{ days, opens: 540, closes: 1260 }],
    specialHours: [],
    counter: {
      slotMin: 30,
      visits: 4,
      dropOffVisits: null,
      pickUpVisits: null,
      dropOffPairs: null,
      walkInVisits: 0,
      bands: [],
      leadTimeMin: 0,
      horizonDays: 30,
    },
    shelfPairs: null,
    putAwayMin: 30,
    nightDrop: false,
    ...parts,
  };
}

export const aService = (code: string, name: string): Service => ({
  code,
  name,
  priceMinor: 9900,
  currency: 'CNY',
  operations: [],
});

const SERVICES = [
  aService('deep-clean', 'Deep clean and waterproofing · 深度清洁'),
  aService('whitening', 'Sole and upper whitening · 去黄增白'),
  aService('lace-care', 'Lace care · 鞋带护理'),
  aService('spa', 'Shoe spa'),
];

export interface Scene {
  readonly items?: readonly OrderItem[];
  readonly status?: OrderStatus;
  readonly dropOff?: string;
  readonly pickUp?: string;
  readonly readyBy?: string;
  readonly now?: string;
  readonly store?: Partial<Store>;
  readonly details?: MessageDetails;
  readonly customer?: string | null;
  readonly orderLink?: string | null;
}

export const item = (
  description: string,
  pairs = 1,
  serviceCodes: readonly string[] = ['deep-clean'],
): OrderItem => ({ description, pairs, serviceCodes });

/** AJ1, brought to A on Tuesday 2026-11-24 at 10:30, to be collected at B on Friday at 19:45; it is Tuesday. */
export function aScene(scene: Scene = {}): MessageFacts {
  const zone = scene.store?.timeZone ?? 'Asia/Shanghai';
  const visit = (kind: 'DROP_OFF' | 'PICK_UP', storeCode: string, start: number) =>
    ({ id: kind, kind, storeCode, start, end: start + 30 * 60_000, status: 'BOOKED' }) as const;
  const pickUp = visit('PICK_UP', 'B', at(scene.pickUp ?? '2026-11-27 19:30', zone));
  const order: OrderData = {
    id: '01a20385-5bd6-7348-bf6b-03816a7d24bf',
    ticketCode: 'H2W4-KYAH',
    status: scene.status ?? 'RECEIVED',
    version: 2,
    items: scene.items ?? [item('AJ1')],
    dropOff: visit('DROP_OFF', 'A', at(scene.dropOff ?? '2026-11-24 10:30', zone)),
    pickUp,
    promise: {
      readyBy: at(scene.readyBy ?? '2026-11-27 16:40', zone),
      earliestPickUp: { start: pickUp.start, end: pickUp.end, capacity: 4, remaining: 1 },
      steps: [],
      delays: [],
    },
  };
  return {
    order,
    customer: scene.customer === undefined ? 'Mei Lin' : scene.customer,
    network: {
      stores: new Map(['A', 'B'].map((code) => [code, aStore(code, scene.store)])),
      services: new Map(SERVICES.map((service) => [service.code, service])),
    },
    details: scene.details ?? null,
    orderLink: scene.orderLink === undefined ? 'https://shoes.example/o/H2W4' : scene.orderLink,
    now: at(scene.now ?? '2026-11-24 10:35', zone),
  };
}

/** Everything that an event can tell. */
export const FULL_DETAILS: MessageDetails = {
  reason: 'VAN_MISSED',
  priceMinor: 4900,
  currency: 'CNY',
  explanation: 'The sole of the left shoe comes off.',
  readyBy: at('2026-11-28 11:00'),
  photoUrl: 'https://shoes.example/p/1.jpg',
  slots: [0, 1, 2, 3].map((hour) => ({
    start: at(`2026-11-28 1${hour}:00`),
    end: at(`2026-11-28 1${hour}:30`),
  })),
  stage: 'whiten',
  visit: 'PICK_UP',
  overdueDay: 3,
  lastCollectBy: at('2026-12-27 21:00'),
};
