import { z } from 'zod';

import { secretSetting, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { isSigningSecret } from './standard-webhook.ts';

const Secret = z.string().refine(isSigningSecret, 'must be whsec_ and 24 to 64 bytes in base64');

const hasNoPassword = (url: string): boolean => {
  const { username, password } = new URL(url);
  return username === '' && password === '';
};

/** @param protocol what the address may begin with */
export const webhookSettings = (protocol: RegExp) =>
  z.strictObject({
    url: z
      .url({ protocol, abort: true })
      .max(2048)
      .refine(hasNoPassword, 'must not have a user or password in it'),
    secret: Secret,
    previousSecret: Secret.optional(),
  });

export type WebhookSettings = z.output<ReturnType<typeof webhookSettings>>;

export const WEBHOOK_FIELDS: readonly SettingField[] = [
  shownSetting('url', true, 'Where messages are posted: https, on the open internet.'),
  secretSetting(
    'secret',
    true,
    'Key that messages are signed with: whsec_ and 24 to 64 bytes in base64.',
  ),
  secretSetting(
    'previousSecret',
    false,
    'The key before this one: messages are signed with both until it is removed.',
  ),
];
