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
  accessToken: settingText,
  signSecret: settingText.optional(),
  keyword: settingText.optional(),
  baseUrl: baseUrl('https://oapi.dingtalk.com'),
});
type Settings = z.output<typeof Settings>;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'dingtalk',
  reaches: 'endpoint',
  audience: 'staff',
  capabilities: ROBOT_CAPABILITIES,
  // Its limit is 20; whoever passes it is locked out.
  rates: [{ scope: 'account', messages: 18, perSec: 60 }],
  timeoutMs: 10_000,
  settings: [
    secretSetting('accessToken', true, 'The access_token in the address of the robot.'),
    secretSetting('signSecret', false, 'The secret (SEC…) of a robot that wants to be signed to.'),
    shownSetting('keyword', false, 'A word that the robot demands in each message.'),
    shownSetting('baseUrl', false, 'Origin of the API, for a test.'),
  ],
};

/** Source: DingTalk, "Custom robots". */
const PROVIDER: RobotProvider = {
  answer: z
    .object({ errcode: z.number(), errmsg: z.string().default('') })
    .transform(({ errcode, errmsg }) => ({ code: errcode, message: errmsg })),
  codes: {
    '-1': 'provider',
    '130101': 'rateLimit',
    '90030': 'rateLimit',
    '310000': 'configuration',
    '300001': 'configuration',
  },
  hints: { '310000': 'secret, keyword, allowed addresses, and the clock of this machine' },
  lockOutMs: 600_000,
};
/** A request may have 20,000 bytes; this leaves room for what is around the words. */
const MOST_BYTES = 19_000;

interface Payload {
  readonly text: string;
}

/** `sign` of a call, before it is encoded for an address. */
export const dingtalkSign = (secret: string, timestampMs: number): string =>
  hmacSha256(secret, `${timestampMs}\n${secret}`).toString('base64');

/** A robot in a group of DingTalk, for staff. */
export const dingtalkChannel: Channel<Settings, RobotAddress, Payload> = {
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
    const { accessToken, signSecret } = settings;
    const url = addressOf(settings, context.now());
    const body = { msgtype: 'text', text: { content: text } };
    return callRobot(PROVIDER, { url, body, secrets: [accessToken, signSecret] }, context);
  },
};

function addressOf({ baseUrl, accessToken, signSecret }: Settings, timestampMs: number): string {
  const query = new URLSearchParams({ access_token: accessToken });
  if (signSecret !== undefined) {
    query.set('timestamp', String(timestampMs));
    query.set('sign', dingtalkSign(signSecret, timestampMs));
  }
  return `${baseUrl}/robot/send?${query.toString()}`;
}
