import { z } from 'zod';

import { secretSetting, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { isPair } from './vapid.ts';

const MOST_URL_CHARS = 2048;

/** Base64url of `bytes` bytes, without padding. */
const encodedBytes = (bytes: number) =>
  z
    .string()
    .refine(
      (text) =>
        /^[\w-]+$/.test(text) &&
        Buffer.from(text, 'base64url').length === bytes &&
        text.length === Math.ceil((bytes * 4) / 3),
      `must be ${bytes} bytes in base64url`,
    );

const publicKey = () => encodedBytes(65).startsWith('B');

export const WebPushSettings = z
  .strictObject({
    vapidPublicKey: publicKey(),
    vapidPrivateKey: encodedBytes(32),
    subject: z
      .string()
      .max(MOST_URL_CHARS)
      .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'must begin with mailto: or https://'),
  })
  .refine(isPair, { path: ['vapidPublicKey'], message: 'is not the key of vapidPrivateKey' });

export type WebPushSettings = z.output<typeof WebPushSettings>;

export const WEB_PUSH_FIELDS: readonly SettingField[] = [
  shownSetting('vapidPublicKey', true, 'Public key that browsers subscribe with; 87 characters.'),
  secretSetting('vapidPrivateKey', true, 'Its private key; 43 characters.'),
  shownSetting('subject', true, 'How push services reach you: mailto:… or https://…'),
];

/**
 * What `PushSubscription.toJSON()` gives in a browser.
 *
 * @param protocol what the endpoint may begin with
 */
export const pushSubscription = (protocol: RegExp) =>
  z.strictObject({
    endpoint: z.url({ protocol }).max(MOST_URL_CHARS),
    expirationTime: z.number().nullish(),
    keys: z.strictObject({ p256dh: publicKey(), auth: encodedBytes(16) }),
  });

export type PushSubscription = z.output<ReturnType<typeof pushSubscription>>;
