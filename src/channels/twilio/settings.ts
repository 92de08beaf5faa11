import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { TemplateBinding, templateBindings } from '../template-binding.ts';

/** Twilio refuses to call hosts with an underscore. */
const callbackUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !url.split('/')[2]?.includes('_'), 'must have no underscore in its host')
  .refine((url) => !/[?#]/.test(url), 'must have no query');

export const TwilioSettings = z
  .strictObject({
    kind: z.enum(['sms', 'whatsapp']),
    accountSid: settingText,
    authToken: settingText,
    apiKeySid: settingText.optional(),
    apiKeySecret: settingText.optional(),
    from: settingText.optional(),
    messagingServiceSid: settingText.optional(),
    publicCallbackUrl: callbackUrl,
    templates: templateBindings(TemplateBinding),
    baseUrl: baseUrl('https://api.twilio.com'),
  })
  .refine(
    ({ from, messagingServiceSid }) => (from === undefined) !== (messagingServiceSid === undefined),
    {
      path: ['from'],
      message: 'needed without messagingServiceSid, and only then',
    },
  )
  .refine(
    ({ apiKeySid, apiKeySecret }) => (apiKeySid === undefined) === (apiKeySecret === undefined),
    {
      path: ['apiKeySecret'],
      message: 'needed with apiKeySid, and only then',
    },
  );

export type TwilioSettings = z.output<typeof TwilioSettings>;

export const TWILIO_FIELDS: readonly SettingField[] = [
  shownSetting('kind', true, 'sms or whatsapp; an account of ours for each.'),
  shownSetting('accountSid', true, 'Account SID (AC…).'),
  secretSetting('authToken', true, 'Auth token: signs receipts, and requests without an API key.'),
  shownSetting('apiKeySid', false, 'SID of an API key (SK…), to sign requests with.'),
  secretSetting('apiKeySecret', false, 'Secret of that API key.'),
  shownSetting('from', false, 'Number in E.164 or sender name that messages come from.'),
  shownSetting('messagingServiceSid', false, 'Messaging service (MG…) that chooses the sender.'),
  shownSetting('publicCallbackUrl', true, 'Public address of the receipts of this account.'),
  shownSetting('templates', false, 'Content templates (HX…) by kind of message, for WhatsApp.'),
  shownSetting('baseUrl', false, 'Origin of the API, for another region or for a test.'),
];

/** A number as the API names it. */
export const partyOf = ({ kind }: TwilioSettings, number: string): string =>
  kind === 'whatsapp' ? `whatsapp:${number}` : number;
