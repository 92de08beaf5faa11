import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { CHINA } from '../china-time.ts';
import { MOST_VARIABLE_CHARS_HELP, mostVariableChars } from '../fill-template.ts';
import { RECEIPT_PATH_SECRET_HELP, receiptPathSecret } from '../path-secret.ts';
import { TemplateBinding, templateBindings } from '../template-binding.ts';

/** Variables of its templates have no names but their places: 1, 2, 3. */
const Binding = TemplateBinding.refine(
  ({ fields }) =>
    Array.from(Object.keys(fields), (_, at) => String(at + 1)).every((place) => place in fields),
  { path: ['fields'], message: 'must be named 1, 2, 3 and so on' },
);

export const TencentSmsSettings = z.strictObject({
  secretId: settingText,
  secretKey: settingText,
  sdkAppId: settingText,
  signName: settingText,
  region: settingText.default('ap-guangzhou'),
  receiptPathSecret,
  templates: templateBindings(Binding),
  mostVariableChars,
  contextInReceipts: z.boolean().default(false),
  receiptZone: settingText.default(CHINA),
  baseUrl: baseUrl('https://sms.tencentcloudapi.com'),
});

export type TencentSmsSettings = z.output<typeof TencentSmsSettings>;

export const TENCENT_SMS_FIELDS: readonly SettingField[] = [
  shownSetting('secretId', true, 'SecretId of a CAM user that may only send messages.'),
  secretSetting('secretKey', true, 'SecretKey of that user.'),
  shownSetting('sdkAppId', true, 'SDK AppID of the SMS application.'),
  shownSetting('signName', true, 'The approved signature of the messages, without brackets.'),
  shownSetting('region', false, 'Region of the API, e.g. ap-guangzhou.'),
  secretSetting('receiptPathSecret', true, RECEIPT_PATH_SECRET_HELP),
  shownSetting('templates', false, 'Approved templates by kind of message; fields are 1, 2, 3.'),
  shownSetting('mostVariableChars', false, MOST_VARIABLE_CHARS_HELP),
  shownSetting(
    'contextInReceipts',
    false,
    'Pulled receipts have SessionContext: enabled on request.',
  ),
  shownSetting('receiptZone', false, 'Time zone of the times in receipts.'),
  shownSetting('baseUrl', false, 'Origin of the API, for another site or for a test.'),
];
