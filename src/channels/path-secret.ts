import { settingText } from './account-settings.ts';
import { isSameSecret } from './constant-time.ts';

/** Setting: the end of the address that a provider sends its unsigned receipts to. */
export const receiptPathSecret = settingText.min(16);

export const RECEIPT_PATH_SECRET_HELP =
  'At least 16 characters that nobody can guess: the end of the address for receipts.';

/**
 * Whether the address that was called ends in the secret: how a provider that signs nothing is told from
 * others. The secret is the last part of the path of the address that the provider was given.
 */
export function endsInSecret(url: string, secret: string): boolean {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return isSameSecret(last, encodeURIComponent(secret));
}
