import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { TemplateBinding, templateBindings } from '../template-binding.ts';

export const WhatsappSettings = z.strictObject({
  graphVersion: z
    .string()
    .regex(/^v\d+\.\d+$/, 'must be like v21.0')
    .default('v21.0'),
  phoneNumberId: z.string().regex(/^\d{1,32}$/, 'must be digits'),
  accessToken: settingText,
  appSecret: settingText,
  verifyToken: settingText.min(16),
  templates: templateBindings(TemplateBinding),
  baseUrl: baseUrl('https://graph.facebook.com'),
});

export type WhatsappSettings = z.output<typeof WhatsappSettings>;

export const WHATSAPP_FIELDS: readonly SettingField[] = [
  shownSetting('graphVersion', false, 'Version of the Graph API, e.g. v21.0.'),
  shownSetting('phoneNumberId', true, 'Id of the number that messages come from.'),
  secretSetting('accessToken', true, 'Token of a system user that may send messages.'),
  secretSetting('appSecret', true, 'Secret of the app: signs receipts and what people write.'),
  secretSetting(
    'verifyToken',
    true,
    'At least 16 characters of your own, given to the app as its verify token.',
  ),
  shownSetting(
    'templates',
    false,
    'Approved templates by kind of message; fields are 1, 2, 3 or names, and button.0 for a link.',
  ),
  shownSetting('baseUrl', false, 'Origin of the API, for a test.'),
];
