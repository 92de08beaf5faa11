import { openingAt } from '../hours/openings.ts';
import type { Network, Store } from '../network/network.ts';
import { hasToChoose, type AppointmentData, type OrderData } from '../orders/order.ts';
import { instantAt } from '../time/instant-at.ts';
import { addDays, localDateOf } from '../time/local-date.ts';
import { DAY_MS, MINUTE_MS, type EpochMs, type TimeZone } from '../time/time.ts';
import type { MessageKind } from './kinds.ts';
import type { MessagePolicy } from './policy.ts';

/** A message of an order at the time that the policy names, before spreading and quiet hours. */
export interface PlannedMessage {
  readonly kind: MessageKind;
  readonly occasion: string;
  readonly dueAt: EpochMs;
  /** Spreading must not move it before this. */
  readonly earliestAt: EpochMs;
  readonly usefulUntil: EpochMs;
  readonly zone: TimeZone;
  readonly skip: 'TOLD_WITH_DROP_OFF' | null;
  /** It is told although its time was past before anybody knew of it. */
  readonly isToldLate?: boolean;
}

/** The reminders that belong to an order as it stands, whether or not their time is past. */
export function clockMessages(
  order: OrderData,
  stores: Network['stores'],
  policy: MessagePolicy,
): readonly PlannedMessage[] {
  const visits = new Visits(order, stores, policy);
  switch (order.status) {
    case 'BOOKED':
      return [visits.dropOffReminder(), ...visits.missedDropOff(), ...visits.pickUpReminders()];
    case 'RECEIVED':
    case 'IN_TRANSIT':
    case 'IN_CARE':
      return visits.pickUpReminders();
    case 'READY':
      return [...visits.pickUpReminders(), ...visits.missedPickUp(), ...visits.overdue()];
    case 'COLLECTED':
    case 'CANCELLED':
      return [];
  }
}

/**
 * Whether a message that was owed is still right to send. What came between may not have changed the
 * order: a customer who did not come makes no event.
 */
export function isStillTrue(
  kind: MessageKind,
  order: OrderData,
  policy: MessagePolicy,
  now: EpochMs,
): boolean {
  const { status } = order;
  if (status === 'CANCELLED' || status === 'COLLECTED') return kind === status;
  switch (kind) {
    case 'DROP_OFF_REMINDER':
      return status === 'BOOKED' && !hasToChoose(order, 'DROP_OFF');
    case 'ORDER_BOOKED':
      return status === 'BOOKED';
    case 'PICK_UP_REMINDER':
    case 'PICK_UP_DAY':
      return willBeReady(order, policy, now);
    case 'MISSED':
      return mayBeMissed(order);
    case 'READY':
    case 'OVERDUE':
      return status === 'READY';
    case 'NEW_PROMISE':
      return isPromiseBroken(order);
    case 'CANCELLED':
    case 'COLLECTED':
      return false;
    default:
      return true;
  }
}

/** A visit cannot be as it is booked: the goods come too late for it, or the store is closed. */
export const isPromiseBroken = ({ promise, pickUp }: OrderData): boolean =>
  promise.readyBy > pickUp.start || promise.choice !== undefined;

/**
 * Whether the visit that comes next can be one that the customer does not come to: not if they are there,
 * and not if the goods were to be late for it, for then we missed it and not they.
 */
function mayBeMissed(order: OrderData): boolean {
  const { status, dropOff, pickUp, promise } = order;
  if (status === 'BOOKED') return isAwaited(dropOff) && !hasToChoose(order, 'DROP_OFF');
  if (status !== 'READY' || hasToChoose(order, 'PICK_UP')) return false;
  return isAwaited(pickUp) && promise.readyBy <= pickUp.start;
}

const isAwaited = ({ status }: AppointmentData): boolean =>
  status === 'BOOKED' || status === 'NO_SHOW';

/** Ready, or with us and in time, or still on time to be handed in. */
function willBeReady(order: OrderData, policy: MessagePolicy, now: EpochMs): boolean {
  if (hasToChoose(order, 'PICK_UP')) return false;
  if (order.status === 'READY') return true;
  if (order.promise.readyBy > order.pickUp.start) return false;
  return order.status !== 'BOOKED' || now <= order.dropOff.end + policy.graceMin * MINUTE_MS;
}

class Visits {
  private readonly dropOff: AppointmentData;
  private readonly pickUp: AppointmentData;
  private readonly dropOffStore: Store;
  private readonly pickUpStore: Store;

  constructor(
    private readonly order: OrderData,
    stores: Network['stores'],
    private readonly policy: MessagePolicy,
  ) {
    this.dropOff = order.dropOff;
    this.pickUp = order.pickUp;
    this.dropOffStore = stores.get(this.dropOff.storeCode)!;
    this.pickUpStore = stores.get(this.pickUp.storeCode)!;
  }

  dropOffReminder(): PlannedMessage {
    const { policy, dropOff, dropOffStore: store } = this;
    const latest = dropOff.start - policy.dropOffReminderLeastMin * MINUTE_MS;
    const minute = policy.stores[store.code]?.dropOffReminderAt ?? policy.dropOffReminderAt;
    const evening = instantAt(this.dateOf(dropOff, -1), minute, store.timeZone);
    const dueAt = Math.min(evening, latest);
    return this.planned('DROP_OFF_REMINDER', dropOff, { dueAt, usefulUntil: latest });
  }

  missedDropOff(): readonly PlannedMessage[] {
    return mayBeMissed(this.order) ? [this.missed(this.dropOff)] : [];
  }

  missedPickUp(): readonly PlannedMessage[] {
    return mayBeMissed(this.order) ? [this.missed(this.pickUp)] : [];
  }

  /** None while the goods cannot be ready in time: then a new promise is what is owed. */
  pickUpReminders(): readonly PlannedMessage[] {
    const { order, pickUp } = this;
    if (hasToChoose(order, 'PICK_UP')) return [];
    const isInTime = order.status === 'READY' || order.promise.readyBy <= pickUp.start;
    return isInTime ? [this.pickUpReminder(), this.pickUpDay()] : [];
  }

  overdue(): readonly PlannedMessage[] {
    const { policy, pickUp } = this;
    return policy.overdueDays.map((days) => {
      const date = this.dateOf(pickUp, days);
      const dueAt = instantAt(date, policy.overdueAt, this.pickUpStore.timeZone);
      const times = { dueAt, earliestAt: dueAt, usefulUntil: dueAt + DAY_MS };
      const planned = this.planned('OVERDUE', pickUp, times);
      return { ...planned, occasion: `${planned.occasion}+${days}d` };
    });
  }

  /** Before the drop-off, the reminder of that one says both. */
  private pickUpReminder(): PlannedMessage {
    const { policy, pickUp, pickUpStore: store } = this;
    const minute = policy.stores[store.code]?.pickUpReminderAt ?? policy.pickUpReminderAt;
    const dueAt = instantAt(this.dateOf(pickUp, -1), minute, store.timeZone);
    const usefulUntil = Math.max(dueAt, Math.min(this.pickUpDay().dueAt, pickUp.start));
    const skip = dueAt < this.dropOff.start ? 'TOLD_WITH_DROP_OFF' : null;
    return { ...this.planned('PICK_UP_REMINDER', pickUp, { dueAt, usefulUntil }), skip };
  }

  private pickUpDay(): PlannedMessage {
    const { policy, pickUp, pickUpStore } = this;
    const opens = openingAt(pickUpStore, pickUp.start)?.start ?? -Infinity;
    const dueAt = Math.max(opens, pickUp.start - policy.pickUpDayLeadMin * MINUTE_MS);
    return this.planned('PICK_UP_DAY', pickUp, {
      dueAt,
      earliestAt: dueAt,
      usefulUntil: pickUp.end,
    });
  }

  private missed(visit: AppointmentData): PlannedMessage {
    const dueAt = visit.end + this.policy.graceMin * MINUTE_MS;
    const times = { dueAt, earliestAt: dueAt, usefulUntil: dueAt + DAY_MS };
    const planned = this.planned('MISSED', visit, times);
    const isToldLate = visit.status === 'NO_SHOW';
    return {
      ...planned,
      occasion: `${visit.kind}:${visit.storeCode}:${visit.start}`,
      isToldLate,
    };
  }

  /** The same visit on the same date at the same store is reminded of once, whatever its hour. */
  private planned(
    kind: MessageKind,
    visit: AppointmentData,
    times: { dueAt: EpochMs; usefulUntil: EpochMs; earliestAt?: EpochMs },
  ): PlannedMessage {
    const { timeZone: zone } = this.storeOf(visit);
    const occasion = `${visit.storeCode}:${this.dateOf(visit, 0)}`;
    return { kind, occasion, earliestAt: -Infinity, ...times, zone, skip: null };
  }

  private dateOf(visit: AppointmentData, days: number): string {
    return addDays(localDateOf(visit.start, this.storeOf(visit).timeZone), days);
  }

  private storeOf(visit: AppointmentData): Store {
    return visit.kind === 'DROP_OFF' ? this.dropOffStore : this.pickUpStore;
  }
}
