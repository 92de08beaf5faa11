import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { CallbackRequest, ChannelEvent, SendContext } from '../channel.ts';
import { FAIL_TYPES } from './codes.ts';
import type { WecomSettings } from './settings.ts';
import { callWecom } from './wecom-api.ts';
import { kfTokenIn } from './wecom-callback.ts';

/** After the customer wrote. */
const WINDOW_SEC = 48 * 3600;
const WINDOW_MESSAGES = 5;
/** Pages that are read at once; what is left is read from the cursor next time. */
const MOST_PAGES = 20;
const PAGE_SIZE = 1000;
const FROM_CUSTOMER = 3;

const Message = z.object({
  msgid: z.string(),
  send_time: z.number(),
  origin: z.number().default(0),
  external_userid: z.string().optional(),
  msgtype: z.string(),
  text: z.object({ content: z.string() }).optional(),
  event: z
    .object({
      event_type: z.string(),
      fail_msgid: z.string().optional(),
      fail_type: z.number().optional(),
    })
    .optional(),
});
type Message = z.output<typeof Message>;

const Page = z.object({
  errcode: z.literal(0),
  next_cursor: z.string().default(''),
  has_more: z.union([z.boolean(), z.int()]).default(0),
  msg_list: z.array(z.unknown()).default([]),
});

export interface KfMessages {
  readonly events: readonly ChannelEvent[];
  /** To be kept in the transaction that keeps the events, and given next time. */
  readonly cursor: string | null;
}

/**
 * Fetches what customers wrote to customer service, and which messages to them failed.
 *
 * @param cursor of the last time; null: of the last three days
 * @param notice that something is there; without it the provider allows few calls
 */
export async function fetchKfMessages(
  settings: WecomSettings,
  cursor: string | null,
  notice: CallbackRequest | null,
  context: SendContext,
): Promise<ApiAnswer<KfMessages>> {
  const token = notice === null ? null : kfTokenIn(settings, notice, context.now());
  const events: ChannelEvent[] = [];
  let last = cursor;
  for (let page = 0; page < MOST_PAGES; page++) {
    const asked = {
      ...(last !== null && { cursor: last }),
      ...(token !== null && { token }),
      limit: PAGE_SIZE,
      voice_format: 0,
      open_kfid: settings.openKfId,
    };
    const body = JSON.stringify(asked);
    const answer = await callWecom(settings, '/cgi-bin/kf/sync_msg', body, Page, context);
    if (!answer.ok) return answer;
    const { next_cursor: next, has_more: hasMore, msg_list: messages } = answer.body;
    events.push(...messages.flatMap((message) => eventsOf(message, settings.corpId)));
    if (next !== '') last = next;
    if (hasMore === 0 || hasMore === false || next === '') break;
  }
  return { ok: true, body: { events, cursor: last } };
}

/** A message of a kind that nobody knows is passed over: the ones behind it matter, too. */
function eventsOf(given: unknown, corpId: string): readonly ChannelEvent[] {
  const message = Message.safeParse(given).data;
  if (message === undefined) return [];
  if (message.event?.event_type === 'msg_send_fail') return failure(message);
  if (message.origin !== FROM_CUSTOMER || message.external_userid === undefined) return [];
  return said(message, `${message.external_userid}@${corpId}`);
}

function failure({ event, send_time: sentSec }: Message): readonly ChannelEvent[] {
  if (event?.fail_msgid === undefined) return [];
  const code = String(event.fail_type ?? 0);
  const because = Object.hasOwn(FAIL_TYPES, code) ? FAIL_TYPES[code] : undefined;
  return [
    {
      is: 'receipt',
      dedupeKey: `kf:${event.fail_msgid}:failed`,
      at: sentSec * 1000,
      deliveryId: deliveryIdOf(event.fail_msgid),
      providerRef: event.fail_msgid,
      status: 'failed',
      code,
      ...(because && { because }),
    },
  ];
}

/** The delivery whose id stands in it without its hyphens; null: it was not sent by us. */
const deliveryIdOf = (messageId: string): string | null =>
  /^[\da-f]{32}$/.test(messageId)
    ? messageId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : null;

const KINDS = ['text', 'image', 'voice', 'video', 'file', 'location'] as const;

/** What a customer wrote, which lets us write five messages within two days. */
function said(
  { msgid, send_time: sentSec, msgtype, text }: Message,
  addressKey: string,
): readonly ChannelEvent[] {
  const heading = { at: sentSec * 1000, addressKey } as const;
  return [
    {
      is: 'inbound',
      dedupeKey: `kf:${msgid}`,
      ...heading,
      kind: KINDS.find((kind) => kind === msgtype) ?? 'event',
      text: text?.content ?? null,
    },
    {
      is: 'grant',
      dedupeKey: `kf:${msgid}:window`,
      ...heading,
      grant: { is: 'window' },
      change: 'open',
      lastsSec: WINDOW_SEC,
      messages: WINDOW_MESSAGES,
    },
  ];
}
