import { timingSafeEqual } from 'node:crypto';

/** Whether a signature or secret is the right one; takes as long for a nearly right one as for any other. */
export function isSameSecret(given: string, right: string): boolean {
  const bytes = Buffer.from(given);
  const rightBytes = Buffer.from(right);
  return bytes.length === rightBytes.length && timingSafeEqual(bytes, rightBytes);
}
