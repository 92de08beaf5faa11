import { z } from 'zod';

import { baseUrl, secretSetting, settingText } from '../account-settings.ts';
import { hmacSha256 } from '../digest.ts';
import { ROBOT_FIELDS, ROBOT_SETTINGS, robotChannel, type RobotProvider } from '../robot.ts';

const Settings = z.strictObject({
  ...ROBOT_SETTINGS,
  hookToken: settingText,
  baseUrl: baseUrl('https://open.feishu.cn'),
});
type Settings = z.output<typeof Settings>;

/** Source: Feishu, "Custom bot guide". */
const PROVIDER: RobotProvider = {
  answer: z
    .object({ code: z.number(), msg: z.string().default('') })
    .transform(({ code, msg }) => ({ code, message: msg })),
  codes: {
    '11232': 'rateLimit',
    '9499': 'content',
    '19001': 'configuration',
    '19021': 'configuration',
    '19022': 'configuration',
    '19024': 'configuration',
  },
  hints: { '19021': 'the secret, and the clock of this machine' },
  lockOutMs: null,
};

/** `sign` of a call: the string is the key, and nothing is signed with it. */
export const feishuSign = (secret: string, timestampSec: number): string =>
  hmacSha256(`${timestampSec}\n${secret}`, '').toString('base64');

/** A robot in a group of Feishu, for staff. */
export const feishuChannel = robotChannel<Settings>({
  name: 'feishu',
  settings: Settings,
  fields: [
    secretSetting('hookToken', true, 'The end of the address of the robot, after /hook/.'),
    ...ROBOT_FIELDS,
  ],
  rates: [
    { scope: 'account', messages: 100, perSec: 60 },
    { scope: 'account', messages: 5, perSec: 1 },
  ],
  provider: PROVIDER,
  callOf: ({ baseUrl, hookToken, signSecret }, text, now) => ({
    url: `${baseUrl}/open-apis/bot/v2/hook/${encodeURIComponent(hookToken)}`,
    body: {
      ...signatureOf(signSecret, Math.floor(now / 1000)),
      msg_type: 'text',
      content: { text },
    },
    secrets: [hookToken, signSecret],
  }),
});

const signatureOf = (
  secret: string | undefined,
  timestampSec: number,
): { readonly timestamp: string; readonly sign: string } | undefined =>
  secret === undefined
    ? undefined
    : { timestamp: String(timestampSec), sign: feishuSign(secret, timestampSec) };
