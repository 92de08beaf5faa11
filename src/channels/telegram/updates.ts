import { z } from 'zod';

import type { CallbackOutcome, CallbackRequest, ChannelEvent } from '../channel.ts';
import { isSameSecret } from '../constant-time.ts';
import { readJson } from '../read-json.ts';
import { refusedCall } from '../receipt-callback.ts';
import type { TelegramSettings } from './settings.ts';

const Chat = z.object({ id: z.int(), type: z.string() });

const Message = z.object({
  date: z.int(),
  chat: Chat,
  text: z.string().optional(),
  caption: z.string().optional(),
  photo: z.unknown().optional(),
  voice: z.unknown().optional(),
  audio: z.unknown().optional(),
  video: z.unknown().optional(),
  document: z.unknown().optional(),
  location: z.unknown().optional(),
});
type Message = z.output<typeof Message>;

const Update = z.object({
  update_id: z.int(),
  message: Message.optional(),
  /** The person blocked the bot, or took it back. */
  my_chat_member: z
    .object({ date: z.int(), chat: Chat, new_chat_member: z.object({ status: z.string() }) })
    .optional(),
});
type Update = z.output<typeof Update>;

type Consent = Extract<ChannelEvent, { is: 'consent' }>;
type Inbound = Extract<ChannelEvent, { is: 'inbound' }>;

/** By the status that the bot has in the chat. */
const CONSENT_BY_STATUS = new Map<string, Consent['change']>([
  ['member', 'given'],
  ['kicked', 'withdrawn'],
]);

/** By the command that the person sent. `/start` may carry a code that links the chat to a customer. */
const CONSENT_BY_COMMAND = new Map<string, Consent['change']>([
  ['/start', 'given'],
  ['/stop', 'withdrawn'],
]);

/**
 * Reads one update. Telegram signs nothing: it sends the secret that it was given with each call.
 *
 * Only private chats count. In a group anybody could give somebody else's consent.
 */
export function readUpdate(
  { webhookSecretToken }: TelegramSettings,
  { method, headers, body }: CallbackRequest,
): CallbackOutcome {
  const secret = headers['x-telegram-bot-api-secret-token'] ?? '';
  if (!isSameSecret(secret, webhookSecretToken)) return refusedCall(401, 'not the secret token');
  if (method !== 'POST') return refusedCall(405, 'updates are posted');
  const update = readJson(Buffer.from(body).toString('utf8'), Update);
  if (update === undefined) return refusedCall(400, 'not an update');
  return { ok: true, events: eventsOf(update), reply: { status: 200, body: '' } };
}

function eventsOf(update: Update): readonly ChannelEvent[] {
  const { message, my_chat_member: member } = update;
  if (message?.chat.type === 'private') return eventsOfMessage(update.update_id, message);
  if (member?.chat.type !== 'private') return [];
  const change = CONSENT_BY_STATUS.get(member.new_chat_member.status);
  return change === undefined ? [] : [consent(update.update_id, member, change)];
}

function eventsOfMessage(updateId: number, message: Message): readonly ChannelEvent[] {
  const { text = message.caption ?? null, chat, date } = message;
  const change = CONSENT_BY_COMMAND.get(text?.split(/\s/u)[0] ?? '');
  return [
    ...(change === undefined ? [] : [consent(updateId, message, change)]),
    {
      is: 'inbound',
      dedupeKey: `${updateId}:inbound`,
      at: date * 1000,
      addressKey: String(chat.id),
      kind: kindOf(message),
      text,
    },
  ];
}

const consent = (
  updateId: number,
  { chat, date }: Pick<Message, 'chat' | 'date'>,
  change: Consent['change'],
): Consent => ({
  is: 'consent',
  dedupeKey: `${updateId}:consent`,
  at: date * 1000,
  addressKey: String(chat.id),
  change,
});

function kindOf(message: Message): Inbound['kind'] {
  const { text, photo, voice, audio, video, document, location } = message;
  if (text !== undefined) return 'text';
  if (photo !== undefined) return 'image';
  if (voice !== undefined || audio !== undefined) return 'voice';
  if (video !== undefined) return 'video';
  if (document !== undefined) return 'file';
  return location === undefined ? 'event' : 'location';
}
