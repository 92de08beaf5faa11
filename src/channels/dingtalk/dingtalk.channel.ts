import { z } from 'zod';

import { baseUrl, secretSetting, settingText } from '../account-settings.ts';
import { hmacSha256 } from '../digest.ts';
import { ROBOT_FIELDS, ROBOT_SETTINGS, robotChannel, type RobotProvider } from '../robot.ts';

const Settings = z.strictObject({
  ...ROBOT_SETTINGS,
  accessToken: settingText,
  baseUrl: baseUrl('https://oapi.dingtalk.com'),
});
type Settings = z.output<typeof Settings>;

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

/** `sign` of a call, before it is encoded for an address. */
export const dingtalkSign = (secret: string, timestampMs: number): string =>
  hmacSha256(secret, `${timestampMs}\n${secret}`).toString('base64');

/** A robot in a group of DingTalk, for staff. */
export const dingtalkChannel = robotChannel<Settings>({
  name: 'dingtalk',
  settings: Settings,
  fields: [
    secretSetting('accessToken', true, 'The access_token in the address of the robot.'),
    ...ROBOT_FIELDS,
  ],
  // Its limit is 20; whoever passes it is locked out.
  rates: [{ scope: 'account', messages: 18, perSec: 60 }],
  provider: PROVIDER,
  callOf: (settings, text, now) => ({
    url: addressOf(settings, now),
    body: { msgtype: 'text', text: { content: text } },
    secrets: [settings.accessToken, settings.signSecret],
  }),
});

function addressOf({ baseUrl, accessToken, signSecret }: Settings, timestampMs: number): string {
  const query = new URLSearchParams({ access_token: accessToken });
  if (signSecret !== undefined) {
    query.set('timestamp', String(timestampMs));
    query.set('sign', dingtalkSign(signSecret, timestampMs));
  }
  return `${baseUrl}/robot/send?${query.toString()}`;
}
