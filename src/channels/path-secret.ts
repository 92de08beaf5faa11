import { isSameSecret } from './constant-time.ts';

/**
 * Whether the address that was called ends in the secret: how a provider that signs nothing is told from
 * others. The secret is the last part of the path of the address that the provider was given.
 */
export function endsInSecret(url: string, secret: string): boolean {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return isSameSecret(last, encodeURIComponent(secret));
}
