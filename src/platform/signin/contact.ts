import type { Contact } from './caller.ts';

const PHONE = /^\+[1-9]\d{6,14}$/;
const EMAIL =
  /^[^\s\p{Cc}\p{Cs}@"<>(),:;[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/u;
const LONGEST_EMAIL = 254;

/** Whether `text` is a telephone number in its normal form. */
export const isPhone = (text: string): boolean => PHONE.test(text);

/** Whether `text` is an e-mail address in its normal form. */
export const isEmail = (text: string): boolean => text.length <= LONGEST_EMAIL && EMAIL.test(text);

/**
 * The normal form of a telephone number (E.164; spaces, dots, hyphens and brackets are dropped) or an
 * e-mail address (lower case).
 *
 * @returns undefined if it is neither: a national number is none, as nobody says of which country
 */
export function parseContact(text: string): Contact | undefined {
  const phone = text.replace(/[\s().-]/g, '');
  if (isPhone(phone)) return { kind: 'phone', value: phone };
  const email = text.trim().toLowerCase();
  return isEmail(email) ? { kind: 'email', value: email } : undefined;
}
