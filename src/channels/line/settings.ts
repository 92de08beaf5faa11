import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';

export const LineSettings = z.strictObject({
  channelAccessToken: settingText,
  channelSecret: settingText,
  baseUrl: baseUrl('https://api.line.me'),
});

export type LineSettings = z.output<typeof LineSettings>;

export const LINE_FIELDS: readonly SettingField[] = [
  secretSetting(
    'channelAccessToken',
    true,
    'Long-lived access token of the Messaging API channel.',
  ),
  secretSetting(
    'channelSecret',
    true,
    'Secret of the channel; what its callbacks are signed with.',
  ),
  shownSetting('baseUrl', false, 'Origin of the Messaging API, for a test.'),
];

/** A person, as this channel of LINE knows them: others know them by another id. */
export const LineAddress = z.strictObject({
  userId: z.string().regex(/^U[0-9a-f]{32}$/, 'is no id of a user'),
});

export type LineAddress = z.output<typeof LineAddress>;
