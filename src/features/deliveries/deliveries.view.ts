import type { Result } from '../../core/result.ts';
import { messageView } from './message-records.view.ts';
import type { MessageRecord } from './message-records.ts';
import type { Wishes, WishesRefusal } from './preferences.service.ts';
import type { SendAgainRefusal } from './send-again.service.ts';
import type { StaffTask, UnknownTask } from './staff-tasks.ts';

export function wishesView({ quietFrom, quietTo, ...wishes }: Wishes) {
  const quietHours =
    quietFrom === null || quietTo === null
      ? null
      : { from: timeText(quietFrom), to: timeText(quietTo) };
  return { __typename: 'MessagePreferences' as const, ...wishes, quietHours };
}

export const wishesAnswer = (result: Result<Wishes, WishesRefusal>) =>
  result.ok ? wishesView(result.value) : refusalView(result.error);

export const againAnswer = (result: Result<MessageRecord, SendAgainRefusal>) =>
  result.ok ? messageView(result.value) : refusalView(result.error);

export const taskAnswer = (result: Result<StaffTask, UnknownTask>) =>
  result.ok ? { __typename: 'StaffTask' as const, ...result.value } : refusalView(result.error);

type AnyRefusal = WishesRefusal | SendAgainRefusal | UnknownTask;

/** Each refusal is a type of its own, so that clients branch on the type. */
function refusalView(refusal: AnyRefusal) {
  const { type: __typename, message } = REFUSALS[refusal.code];
  return { __typename, ...refusal, message };
}

const REFUSALS = {
  CONTACT_TAKEN: { type: 'ContactTaken', message: 'This contact belongs to somebody else.' },
  KIND_NOT_OPTIONAL: {
    type: 'KindNotOptional',
    message: 'Some of these say what a customer has to know; they cannot be turned off.',
  },
  MESSAGE_NOT_OVER: { type: 'MessageNotOver', message: 'This message is still on its way.' },
  REQUEST_KEY_REUSED: {
    type: 'RequestKeyReused',
    message: 'This request key came before with another content.',
  },
  UNKNOWN_CHANNEL: { type: 'UnknownChannel', message: 'There is no such channel for this.' },
  UNKNOWN_MESSAGE: { type: 'UnknownMessage', message: 'There is no such message.' },
  UNKNOWN_TASK: { type: 'UnknownTask', message: 'There is no such task.' },
} as const satisfies Record<AnyRefusal['code'], object>;

const timeText = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
