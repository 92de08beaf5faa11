import { DateTime } from 'luxon';

/** What customers are told, by the names that channels see. */
export const WIRE_NAMES = {
  ORDER_BOOKED: 'order.booked',
  DROP_OFF_REMINDER: 'dropoff.reminder',
  RECEIPT: 'order.received',
  PROGRESS: 'care.progress',
  FINDING: 'care.finding',
  NEW_PROMISE: 'promise.changed',
  READY: 'order.ready',
  PICK_UP_REMINDER: 'pickup.reminder',
  PICK_UP_DAY: 'pickup.day',
  QUEUE_NEAR: 'queue.near',
  MISSED: 'visit.missed',
  OVERDUE: 'pickup.overdue',
  MOVED: 'appointment.moved',
  CANCELLED: 'order.cancelled',
  COLLECTED: 'order.collected',
} as const;

export type Kind = keyof typeof WIRE_NAMES;

/** A policy in the words of the API: times of day as `18:00`, on the clock of the store. */
export interface Rules {
  readonly dropOffReminderAt: string;
  readonly dropOffReminderLeastMinutes: number;
  readonly pickUpReminderAt: string;
  readonly pickUpDayLeadMinutes: number;
  readonly graceMinutes: number;
  readonly overdueDays: readonly number[];
  readonly overdueAt: string;
  readonly quietHours: { readonly from: string; readonly to: string } | null;
  readonly off: readonly Kind[];
}

export const FIRST_RULES: Rules = {
  dropOffReminderAt: '18:00',
  dropOffReminderLeastMinutes: 120,
  pickUpReminderAt: '18:00',
  pickUpDayLeadMinutes: 180,
  graceMinutes: 15,
  overdueDays: [1, 3, 7, 14, 30],
  overdueAt: '10:00',
  quietHours: { from: '21:00', to: '08:00' },
  off: [],
};

export interface KnownStore {
  readonly zone: string;
  /** Every day, as `10:00`. */
  readonly opens: string;
}

export interface KnownVisit {
  readonly storeCode: string;
  readonly start: number;
  readonly end: number;
}

/** An order as whoever books it sees it. */
export interface KnownOrder {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly dropOff: KnownVisit;
  readonly pickUp: KnownVisit;
  readonly promise: { readonly readyBy: number };
}

/** A message that a rule of the policy demands, before it is spread and kept out of quiet hours. */
export interface Demand {
  readonly kind: Kind;
  /** The same visit on the same date is reminded of once. */
  readonly key: string;
  readonly due: number;
  /** Spreading may go before `due`. */
  readonly mayBeBefore: boolean;
  readonly until: number;
  readonly zone: string;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The time of day `time`, that many days after the date of `instant` in `zone`. */
export function onDate(instant: number, days: number, time: string, zone: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return DateTime.fromMillis(instant, { zone })
    .startOf('day')
    .plus({ days })
    .set({ hour: hour!, minute: minute! })
    .toMillis();
}

const dateAt = ({ storeCode, start }: KnownVisit, zone: string): string =>
  `${storeCode} ${DateTime.fromMillis(start, { zone }).toISODate()!}`;

const WITH_US = ['RECEIVED', 'IN_TRANSIT', 'IN_CARE', 'READY'];

/** The table of what a customer gets by the clock, for an order as it stands. */
export function demandsByClock(
  order: KnownOrder,
  stores: ReadonlyMap<string, KnownStore>,
  rules: Rules,
): readonly Demand[] {
  const { status } = order;
  const parts: Demand[] = [];
  if (status === 'BOOKED') {
    parts.push(dropOffReminder(order, stores, rules));
    parts.push(missed(order.dropOff, 'drop-off', stores, rules));
  }
  const isInTime = status === 'READY' || order.promise.readyBy <= order.pickUp.start;
  if (isInTime && (status === 'BOOKED' || WITH_US.includes(status))) {
    parts.push(...pickUpReminders(order, stores, rules));
  }
  if (status === 'READY') {
    const isLate = order.promise.readyBy > order.pickUp.start;
    if (!isLate) parts.push(missed(order.pickUp, 'pick-up', stores, rules));
    parts.push(...overdue(order, stores, rules));
  }
  return parts.filter(({ kind }) => !rules.off.includes(kind));
}

/** The evening before, and never less than some hours before. */
function dropOffReminder(
  { dropOff }: KnownOrder,
  stores: ReadonlyMap<string, KnownStore>,
  rules: Rules,
): Demand {
  const { zone } = stores.get(dropOff.storeCode)!;
  const latest = dropOff.start - rules.dropOffReminderLeastMinutes * MINUTE;
  const evening = onDate(dropOff.start, -1, rules.dropOffReminderAt, zone);
  return {
    kind: 'DROP_OFF_REMINDER',
    key: `drop-off reminder ${dateAt(dropOff, zone)}`,
    due: Math.min(evening, latest),
    mayBeBefore: true,
    until: latest,
    zone,
  };
}

/** The day before, unless that is before the drop-off; on the day at opening or some hours before. */
function pickUpReminders(
  { dropOff, pickUp }: KnownOrder,
  stores: ReadonlyMap<string, KnownStore>,
  rules: Rules,
): readonly Demand[] {
  const { zone, opens } = stores.get(pickUp.storeCode)!;
  const onTheDay = Math.max(
    onDate(pickUp.start, 0, opens, zone),
    pickUp.start - rules.pickUpDayLeadMinutes * MINUTE,
  );
  const before = onDate(pickUp.start, -1, rules.pickUpReminderAt, zone);
  const day: Demand = {
    kind: 'PICK_UP_DAY',
    key: `pick-up day ${dateAt(pickUp, zone)}`,
    due: onTheDay,
    mayBeBefore: false,
    until: pickUp.end,
    zone,
  };
  if (before < dropOff.start) return [day];
  const key = `pick-up reminder ${dateAt(pickUp, zone)}`;
  const until = Math.max(before, Math.min(onTheDay, pickUp.start));
  return [{ kind: 'PICK_UP_REMINDER', key, due: before, mayBeBefore: true, until, zone }, day];
}

function missed(
  visit: KnownVisit,
  which: string,
  stores: ReadonlyMap<string, KnownStore>,
  rules: Rules,
): Demand {
  const due = visit.end + rules.graceMinutes * MINUTE;
  return {
    kind: 'MISSED',
    key: `missed ${which} ${visit.storeCode} ${visit.start}`,
    due,
    mayBeBefore: false,
    until: due + DAY,
    zone: stores.get(visit.storeCode)!.zone,
  };
}

function overdue(
  { pickUp }: KnownOrder,
  stores: ReadonlyMap<string, KnownStore>,
  rules: Rules,
): readonly Demand[] {
  const { zone } = stores.get(pickUp.storeCode)!;
  return rules.overdueDays.map((days) => {
    const due = onDate(pickUp.start, days, rules.overdueAt, zone);
    const key = `overdue ${dateAt(pickUp, zone)} ${days}`;
    return { kind: 'OVERDUE', key, due, mayBeBefore: false, until: due + DAY, zone };
  });
}

/** What befell an order, and which of the messages about it is the news of it. */
export const NEWS_OF = {
  BOOKED: 'ORDER_BOOKED',
  MOVED: 'MOVED',
  CANCELLED: 'CANCELLED',
  RECEIVED: 'RECEIPT',
  PROGRESSED: 'PROGRESS',
  FINDING_REPORTED: 'FINDING',
  REPROMISED: 'NEW_PROMISE',
  READY: 'READY',
  COLLECTED: 'COLLECTED',
} as const satisfies Record<string, Kind>;

export type Happening = keyof typeof NEWS_OF;

/** News that wait for the end of quiet hours; the others answer what the customer just did. */
export const WAITING_NEWS: readonly Kind[] = ['PROGRESS', 'FINDING', 'NEW_PROMISE', 'READY'];

/** How long news are of use. */
export function newsUntil(kind: Kind, { pickUp }: KnownOrder, at: number): number {
  if (kind === 'PROGRESS') return at + 6 * HOUR;
  // Before the old pick-up, but no sooner out of use than two hours after it was made.
  if (kind === 'NEW_PROMISE') return Math.max(pickUp.start, at + 2 * HOUR);
  return at + DAY;
}

/** News that wait and that nobody needs any more after this one. */
export const OUTDATED_BY: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  PROGRESS: ['PROGRESS'],
  NEW_PROMISE: ['NEW_PROMISE'],
  READY: ['PROGRESS', 'FINDING', 'NEW_PROMISE'],
  MOVED: ['NEW_PROMISE'],
  COLLECTED: WAITING_NEWS,
  CANCELLED: WAITING_NEWS,
};

/** Whether it is right to say this of the order at that moment. */
export function isRightToSay(kind: Kind, order: KnownOrder, rules: Rules, at: number): boolean {
  const { status } = order;
  const isLate = order.promise.readyBy > order.pickUp.start;
  if (status === 'CANCELLED' || status === 'COLLECTED') return kind === status;
  switch (kind) {
    case 'CANCELLED':
    case 'COLLECTED':
      return false;
    case 'ORDER_BOOKED':
    case 'DROP_OFF_REMINDER':
      return status === 'BOOKED';
    case 'PICK_UP_REMINDER':
    case 'PICK_UP_DAY':
      if (status === 'READY') return true;
      // Not handed in, and missed by now: nothing will be ready.
      if (status === 'BOOKED' && at > order.dropOff.end + rules.graceMinutes * MINUTE) return false;
      return !isLate;
    case 'NEW_PROMISE':
      return isLate;
    case 'READY':
    case 'OVERDUE':
      return status === 'READY';
    case 'MISSED':
      // Goods that were to be late for the pick-up: it is not the customer who missed it.
      return status === 'BOOKED' || (status === 'READY' && !isLate);
    default:
      return true;
  }
}
