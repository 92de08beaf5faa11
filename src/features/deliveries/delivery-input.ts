import type { MessageKind } from '../../core/messages/kinds.ts';
import { isTimeZone, parseLocalTime } from '../../core/time/local-date.ts';
import { badInput, forbidden } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { parseContact } from '../../platform/signin/contact.ts';
import { isLocale } from '../customers/index.ts';
import type { StoreCaller } from './message-records.ts';
import type { Wishes } from './preferences.service.ts';
import type { SendAgainRequest } from './send-again.service.ts';

/** `MessagePreferencesInput` as it arrives. */
export interface MessagePreferencesInput {
  readonly channels: readonly string[];
  readonly offChannels: readonly string[];
  readonly offKinds: readonly MessageKind[];
  readonly locale?: string | null;
  readonly timeZone?: string | null;
  readonly quietHours?: { readonly from: string; readonly to: string } | null;
}

export interface SendMessageAgainInput {
  readonly requestKey: string;
  readonly messageId: string;
}

export interface MendMessageInput extends SendMessageAgainInput {
  readonly contact?: string | null;
  readonly channel?: string | null;
}

const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
const MOST_CHANNELS = 50;
const MOST_KINDS = 50;

/** @throws GraphQLError BAD_USER_INPUT that names the field */
export function wishesFrom(input: MessagePreferencesInput): Wishes {
  const { channels, offChannels, offKinds, locale = null, timeZone = null, quietHours } = input;
  checkCount(channels, MOST_CHANNELS, 'input.channels');
  checkCount(offChannels, MOST_CHANNELS, 'input.offChannels');
  checkCount(offKinds, MOST_KINDS, 'input.offKinds');
  if (locale !== null && !isLocale(locale)) {
    throw badInput('A locale is written as in zh-CN or en.', 'input.locale');
  }
  if (timeZone !== null && !isTimeZone(timeZone)) {
    throw badInput('A time zone is written as in Asia/Shanghai.', 'input.timeZone');
  }
  const quietFrom = quietHours == null ? null : minuteOf(quietHours.from, 'input.quietHours.from');
  const quietTo = quietHours == null ? null : minuteOf(quietHours.to, 'input.quietHours.to');
  if (quietHours != null && quietFrom === quietTo && quietHours.from !== quietHours.to) {
    throw badInput('Quiet hours leave a part of the day.', 'input.quietHours.to');
  }
  return { channels, offChannels, offKinds, locale, timeZone, quietFrom, quietTo };
}

function checkCount(list: readonly string[], most: number, path: string): void {
  if (list.length > most) throw badInput(`${most} at most.`, path);
}

/** The end of the day is the beginning of the next. */
function minuteOf(text: string, path: string): number {
  const minute = parseLocalTime(text);
  if (minute === null) throw badInput('A time is written as in 09:30.', path);
  return minute % 1440;
}

/** @throws GraphQLError BAD_USER_INPUT that names the field */
export function againRequest(input: SendMessageAgainInput, caller: Caller): SendAgainRequest {
  const { requestKey, messageId } = input;
  checkText(requestKey, REQUEST_KEY, 'input.requestKey');
  return { caller: caller as StoreCaller, requestKey, messageId, mend: null };
}

/** @throws GraphQLError BAD_USER_INPUT that names the field */
export function mendRequest(input: MendMessageInput, caller: Caller): SendAgainRequest {
  const { contact: text = null, channel = null } = input;
  const contact = text === null ? null : (parseContact(text) ?? null);
  if (text !== null && contact === null) {
    throw badInput('A contact is a phone as in +8613800138000, or an email.', 'input.contact');
  }
  if (contact === null && channel === null) throw badInput('Say what is changed.', 'input');
  return { ...againRequest(input, caller), mend: { contact, channel } };
}

/** @throws GraphQLError FORBIDDEN: staff ask for stores of theirs */
export function checkStore(storeCode: string, caller: Caller): void {
  if (caller.role === 'staff' && !caller.stores.includes(storeCode)) {
    throw forbidden('This store is not yours.');
  }
}
