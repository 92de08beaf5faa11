import { createDecipheriv } from 'node:crypto';

/** Padding is by blocks of this size, not of the cipher's 16 bytes. */
const BLOCK_BYTES = 32;
const RANDOM_BYTES = 16;
const HEAD_BYTES = RANDOM_BYTES + 4;

/** Whether it is a key as WeChat shows it: 43 characters, base64 without its last `=`. */
export const ENCODING_AES_KEY = /^[A-Za-z0-9]{43}$/;

/**
 * What WeChat or WeCom encrypted for us: AES-256-CBC over 16 random bytes, the length of the message,
 * the message and the id of the account.
 *
 * @param ownId the app id, or the corp id
 * @returns undefined if it cannot be decrypted, or is for another account
 */
export function openEnvelope(
  encodingAesKey: string,
  encrypted: string,
  ownId: string,
): string | undefined {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const sealed = Buffer.from(encrypted, 'base64');
  if (sealed.length === 0 || sealed.length % BLOCK_BYTES !== 0) return undefined;
  const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([cipher.update(sealed), cipher.final()]);
  const padding = padded.at(-1)!;
  if (padding < 1 || padding > BLOCK_BYTES || padded.length - padding < HEAD_BYTES)
    return undefined;
  const open = padded.subarray(0, padded.length - padding);
  const end = HEAD_BYTES + open.readUInt32BE(RANDOM_BYTES);
  if (end > open.length || open.subarray(end).toString() !== ownId) return undefined;
  return open.subarray(HEAD_BYTES, end).toString();
}
