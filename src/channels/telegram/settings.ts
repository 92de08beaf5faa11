import { z } from 'zod';

import { baseUrl, secretSetting, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';

export const TelegramSettings = z.strictObject({
  botToken: z.string().regex(/^\d{1,20}:[\w-]{10,100}$/, 'is no token of a bot'),
  webhookSecretToken: z
    .string()
    .regex(/^[\w-]{16,256}$/, 'must be 16 to 256 letters, digits, - and _'),
  botUsername: z.string().regex(/^\w{3,64}$/, 'is no username'),
  baseUrl: baseUrl('https://api.telegram.org'),
});

export type TelegramSettings = z.output<typeof TelegramSettings>;

export const TELEGRAM_FIELDS: readonly SettingField[] = [
  secretSetting('botToken', true, 'Token of the bot, as BotFather gave it.'),
  secretSetting(
    'webhookSecretToken',
    true,
    'Any secret; the same that setWebhook was given as secret_token.',
  ),
  shownSetting('botUsername', true, 'Username of the bot without @; in links to it.'),
  shownSetting('baseUrl', false, 'Origin of the Bot API, for a server of your own or for a test.'),
];

/** A private chat with the bot: its id is the person's. */
export const TelegramAddress = z.strictObject({
  chatId: z.string().regex(/^-?\d{1,20}$/, 'is no id of a chat'),
});

export type TelegramAddress = z.output<typeof TelegramAddress>;
