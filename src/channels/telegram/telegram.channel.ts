import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type { Channel, ChannelDescriptor, OutgoingMessage } from '../channel.ts';
import { asParagraphs } from '../paragraphs.ts';
import { callBot } from './bot-api.ts';
import { TELEGRAM_FIELDS, TelegramAddress, TelegramSettings } from './settings.ts';
import { readUpdate } from './updates.ts';

const MOST_CHARS = 4096;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'telegram',
  reaches: 'own',
  audience: 'both',
  capabilities: {
    idempotency: { is: 'none' },
    receipts: 'sync',
    inbound: true,
    calendar: false,
    photo: true,
    approvedTemplates: false,
  },
  rates: [
    { scope: 'account', messages: 30, perSec: 1 },
    { scope: 'recipient', messages: 1, perSec: 1 },
  ],
  timeoutMs: 15_000,
  settings: TELEGRAM_FIELDS,
};

const Sent = z.object({ message_id: z.int() });
const Me = z.object({ username: z.string() });

/**
 * Messages of a Telegram bot. What is sent is text without markup, so nothing in it can be mistaken
 * for markup; the title is set in bold by its place. A photo is shown as the preview of its address:
 * one that cannot be fetched does not keep the words from arriving.
 */
export const telegramChannel: Channel<TelegramSettings, TelegramAddress, string> = {
  descriptor: DESCRIPTOR,
  settings: TelegramSettings,
  address: TelegramAddress,
  addressKey: ({ chatId }) => chatId,
  addressOf: (chatId) => ({ chatId }),
  ways: () => [{ name: 'text', grant: null }],

  compose: (_settings, message) => {
    const text = asParagraphs(message.content, MOST_CHARS);
    return { ok: true, payload: bodyOf(message, text), shown: { title: null, text } };
  },

  send: async (settings, _message, payload, context) => {
    const answer = await callBot(settings, 'sendMessage', payload, Sent, context);
    if (!answer.ok) return answer.failure;
    return {
      outcome: 'accepted',
      providerRef: String(answer.body.message_id),
      isDelivered: true,
    };
  },

  callback: readUpdate,

  verify: async (settings, context) => {
    const answer = await callBot(settings, 'getMe', '{}', Me, context);
    if (!answer.ok) return verifiedBy(answer);
    const isSame = answer.body.username.toLowerCase() === settings.botUsername.toLowerCase();
    const message = 'the token is of another bot than botUsername';
    return isSame ? { ok: true } : { ok: false, code: 'OTHER_BOT', message };
  },
};

function bodyOf({ address, content }: OutgoingMessage<TelegramAddress>, text: string): string {
  const { title, photo } = content;
  const hasTitle = title !== '' && text.startsWith(title);
  return JSON.stringify({
    chat_id: address.chatId,
    text,
    ...(hasTitle ? { entities: [{ type: 'bold', offset: 0, length: title.length }] } : {}),
    link_preview_options:
      photo === null
        ? { is_disabled: true }
        : { url: photo.url, prefer_large_media: true, show_above_text: true },
  });
}
