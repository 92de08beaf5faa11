import type { ExpectedWait } from '../../core/queue/expected-wait.ts';
import type { QueueSettings } from '../../core/queue/settings.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { NotBookable, RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { orderView } from '../orders/index.ts';
import type { Arrived } from './arrivals.service.ts';
import { isStaffOf } from './callers.ts';
import type { LeftBy } from './line-reader.ts';
import type { QueueOfStore, QueuePlace } from './queue-board.ts';
import type { DeskData, QueueEntryData } from './queue-entry.ts';
import type { NotInLine } from './refusals.ts';
import type { SettingsOfStore } from './settings.service.ts';
import type { CheckInOption } from './tickets.ts';

export const waitView = ({ fromMin, toMin, likelyMin, peopleAhead }: ExpectedWait) => ({
  __typename: 'ExpectedWait' as const,
  fromMinutes: fromMin,
  toMinutes: toMin,
  likelyMinutes: likelyMin,
  peopleAhead,
});

/** What the order of a visit is, only its staff are told: the id of an entry is shown to everybody. */
export function entryView(entry: QueueEntryData, caller: Caller) {
  const { orderId, ...shown } = entry;
  const isStaff = isStaffOf(caller, entry.storeCode);
  return { __typename: 'QueueEntry' as const, ...shown, orderId: isStaff ? orderId : null };
}

/** With what is known of its place already. */
export const placeView = ({ entry, wait, peopleAhead }: QueuePlace, caller: Caller) => ({
  ...entryView(entry, caller),
  place: linePlace({ wait, peopleAhead }),
});

/** Null: they do not wait. */
export const linePlace = ({ wait, peopleAhead }: Pick<QueuePlace, 'wait' | 'peopleAhead'>) =>
  peopleAhead === null ? null : { peopleAhead, wait: wait === null ? null : waitView(wait) };

/** `LeftReason`. */
export const LEFT_BECAUSE: Readonly<Record<LeftBy, string>> = {
  leave: 'WENT',
  cancelOrder: 'ORDER_CANCELLED',
  endOld: 'NEVER_ENDED',
};

export const deskView = (desk: DeskData) => ({ __typename: 'Desk' as const, ...desk });

export const queueView = (queue: QueueOfStore, caller: Caller) => ({
  __typename: 'StoreQueue' as const,
  storeCode: queue.storeCode,
  desks: queue.desks.map(deskView),
  waiting: queue.waiting.map((place) => placeView(place, caller)),
  atDesks: queue.atDesks.map((place) => placeView(place, caller)),
  held: queue.held.map((place) => placeView(place, caller)),
});

export const choiceView = (options: readonly CheckInOption[]) => ({
  __typename: 'CheckInChoice' as const,
  options,
});

export const settingsView = ({ storeCode, settings }: SettingsOfStore) => ({
  __typename: 'QueueSettings' as const,
  storeCode,
  earlyWindowMinutes: settings.earlyWindowMin,
  lateWindowMinutes: settings.lateWindowMin,
  appointmentTargetMinutes: settings.appointmentTargetMin,
  walkInTargetMinutes: settings.walkInTargetMin,
  lateTargetMinutes: settings.lateTargetMin,
  reducedMobilityFirst: settings.reducedMobilityFirst,
  visitMinutes: minutesView(settings.visitMin),
  pairMinutes: minutesView(settings.pairMin),
  showPercent: settings.showPercent,
});

const minutesView = (minutes: QueueSettings['visitMin']) => ({
  dropOff: minutes.DROP_OFF,
  pickUp: minutes.PICK_UP,
});

export const settingsAnswer = (result: Result<SettingsOfStore, NotInLine>) =>
  result.ok ? settingsView(result.value) : refusalView(result.error);

export const entryAnswer = (
  result: Result<{ readonly entry: QueueEntryData }, NotInLine | RequestKeyReused>,
  caller: Caller,
) => (result.ok ? entryView(result.value.entry, caller) : refusalView(result.error));

export const arrivedAnswer = (
  result: Result<Arrived, NotInLine | RequestKeyReused>,
  caller: Caller,
) => {
  if (!result.ok) return refusalView(result.error);
  const { entry, options } = result.value;
  return entry === undefined ? choiceView(options) : entryView(entry, caller);
};

export const deskAnswer = (
  result: Result<{ readonly desk: DeskData }, NotInLine | RequestKeyReused>,
) => (result.ok ? deskView(result.value.desk) : refusalView(result.error));

export const undoAnswer = (result: Result<OrderData, NotBookable | RequestKeyReused>) =>
  result.ok ? orderView(result.value) : refusalView({ code: codeOf(result.error) });

/** Whatever an appointment could not be, it was not marked as missed. */
const codeOf = ({ code }: NotBookable | RequestKeyReused) =>
  code === 'REQUEST_KEY_REUSED' ? code : 'WRONG_STATUS';

export function refusalView(refusal: NotInLine | RequestKeyReused) {
  if (refusal.code === 'REQUEST_KEY_REUSED') {
    const message = 'This request key came before with another content.';
    return { __typename: 'RequestKeyReused' as const, ...refusal, message };
  }
  return { __typename: 'NotInLine' as const, ...refusal, message: REASONS[refusal.code] };
}

const REASONS: Readonly<Record<NotInLine['code'], string>> = {
  ALREADY_IN_LINE: 'This order is in the line already.',
  DESK_BUSY: 'The desk is busy with somebody.',
  DESK_CLOSED: 'The desk is closed.',
  GOODS_NOT_READY: 'The goods are not ready to be collected.',
  NOBODY_WAITING: 'Nobody waits whom this desk serves.',
  UNKNOWN_DESK: 'There is no such desk.',
  UNKNOWN_ENTRY: 'There is no such visit in a line of yours.',
  UNKNOWN_ORDER: 'There is no such order that you may see.',
  UNKNOWN_STORE: 'There is no such store.',
  UNKNOWN_TICKET: 'There is no order to check in by this.',
  WRONG_STATUS: 'This cannot be done as it stands now.',
  WRONG_STORE: 'The appointment is at another store.',
};
