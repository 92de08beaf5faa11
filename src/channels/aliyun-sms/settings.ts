import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { CHINA } from '../china-time.ts';
import { MOST_VARIABLE_CHARS_HELP, mostVariableChars } from '../fill-template.ts';
import { RECEIPT_PATH_SECRET_HELP, receiptPathSecret } from '../path-secret.ts';
import { TemplateBinding, templateBindings } from '../template-binding.ts';

export const AliyunSmsSettings = z.strictObject({
  accessKeyId: settingText,
  accessKeySecret: settingText,
  signName: settingText,
  receiptPathSecret,
  templates: templateBindings(TemplateBinding),
  mostVariableChars,
  receiptZone: settingText.default(CHINA),
  baseUrl: baseUrl('https://dysmsapi.aliyuncs.com'),
});

export type AliyunSmsSettings = z.output<typeof AliyunSmsSettings>;

export const ALIYUN_SMS_FIELDS: readonly SettingField[] = [
  shownSetting('accessKeyId', true, 'AccessKey ID of a RAM user that may only send messages.'),
  secretSetting('accessKeySecret', true, 'AccessKey secret of that user.'),
  shownSetting('signName', true, 'The approved signature of the messages, without brackets.'),
  secretSetting('receiptPathSecret', true, RECEIPT_PATH_SECRET_HELP),
  shownSetting('templates', false, 'Approved templates by kind of message; fields by variable.'),
  shownSetting('mostVariableChars', false, MOST_VARIABLE_CHARS_HELP),
  shownSetting('receiptZone', false, 'Time zone of the times in receipts.'),
  shownSetting('baseUrl', false, 'Origin of the API, for another region or for a test.'),
];
