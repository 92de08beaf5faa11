import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { ENCODING_AES_KEY } from '../wechat/envelope.ts';

const MOST_DUPLICATE_CHECK_SEC = 14_400;

/** `app`: an app of the corp writes to its members. `kf`: customer service writes to customers on WeChat. */
export const WecomSettings = z
  .strictObject({
    mode: z.enum(['app', 'kf']),
    corpId: settingText.regex(/^\w{1,64}$/),
    secret: settingText,
    agentId: z.int().positive().optional(),
    openKfId: settingText.regex(/^[\w-]{1,64}$/).optional(),
    callbackToken: settingText,
    encodingAesKey: settingText.regex(ENCODING_AES_KEY),
    duplicateCheckSec: z.int().min(1).max(MOST_DUPLICATE_CHECK_SEC).default(1800),
    baseUrl: baseUrl('https://qyapi.weixin.qq.com'),
  })
  .refine(({ mode, agentId }) => mode !== 'app' || agentId !== undefined, {
    path: ['agentId'],
    message: 'needed in mode app',
  })
  .refine(({ mode, openKfId }) => mode !== 'kf' || openKfId !== undefined, {
    path: ['openKfId'],
    message: 'needed in mode kf',
  });

export type WecomSettings = z.output<typeof WecomSettings>;

export const WECOM_FIELDS: readonly SettingField[] = [
  shownSetting('mode', true, 'app: to members of the corp; kf: to customers, by customer service.'),
  shownSetting('corpId', true, 'The id of the corp.'),
  secretSetting('secret', true, 'The secret of the app, or of customer service.'),
  shownSetting('agentId', false, 'In mode app: the AgentId of the app.'),
  shownSetting('openKfId', false, 'In mode kf: the id of the customer service account.'),
  secretSetting('callbackToken', true, 'The token under receiving messages.'),
  secretSetting('encodingAesKey', true, 'The 43 characters under receiving messages.'),
  shownSetting(
    'duplicateCheckSec',
    false,
    'In mode app: for how long the same text is not repeated.',
  ),
  shownSetting('baseUrl', false, 'Origin of the API, for a test.'),
];
