import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { Channel, ChannelDescriptor } from '../channel.ts';
import { hmacSha256 } from '../digest.ts';
import {
  callRobot,
  ROBOT_CAPABILITIES,
  ROBOT_WAYS,
  RobotAddress,
  type RobotProvider,
  robotText,
} from '../robot.ts';

const Settings = z.strictObject({
  hookToken: settingText,
  signSecret: settingText.optional(),
  keyword: settingText.optional(),
  baseUrl: baseUrl('https://open.feishu.cn'),
});
type Settings = z.output<typeof Settings>;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'feishu',
  reaches: 'endpoint',
  audience: 'staff',
  capabilities: ROBOT_CAPABILITIES,
  rates: [
    { scope: 'account', messages: 100, perSec: 60 },
    { scope: 'account', messages: 5, perSec: 1 },
  ],
  timeoutMs: 10_000,
  settings: [
    secretSetting('hookToken', true, 'The end of the address of the robot, after /hook/.'),
    secretSetting('signSecret', false, 'The secret of a robot that wants to be signed to.'),
    shownSetting('keyword', false, 'A word that the robot demands in each message.'),
    shownSetting('baseUrl', false, 'Origin of the API, for Lark or for a test.'),
  ],
};

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
/** A request may have 20,000 bytes; this leaves room for what is around the words. */
const MOST_BYTES = 19_000;

interface Payload {
  readonly text: string;
}

/** `sign` of a call: the string is the key, and nothing is signed with it. */
export const feishuSign = (secret: string, timestampSec: number): string =>
  hmacSha256(`${timestampSec}\n${secret}`, '').toString('base64');

/** A robot in a group of Feishu, for staff. */
export const feishuChannel: Channel<Settings, RobotAddress, Payload> = {
  descriptor: DESCRIPTOR,
  settings: Settings,
  address: RobotAddress,
  addressKey: () => 'endpoint',
  ways: () => ROBOT_WAYS,

  compose: ({ keyword }, message) => {
    const text = robotText(message, keyword, MOST_BYTES);
    return { ok: true, payload: { text }, shown: { title: null, text } };
  },

  send: (settings, _message, { text }, context) => {
    const { baseUrl, hookToken, signSecret } = settings;
    const url = `${baseUrl}/open-apis/bot/v2/hook/${encodeURIComponent(hookToken)}`;
    const signed = signatureOf(signSecret, Math.floor(context.now() / 1000));
    const body = { ...signed, msg_type: 'text', content: { text } };
    return callRobot(PROVIDER, { url, body, secrets: [hookToken, signSecret] }, context);
  },
};

const signatureOf = (
  secret: string | undefined,
  timestampSec: number,
): { readonly timestamp: string; readonly sign: string } | undefined =>
  secret === undefined
    ? undefined
    : { timestamp: String(timestampSec), sign: feishuSign(secret, timestampSec) };
