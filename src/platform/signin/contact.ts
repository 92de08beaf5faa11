import type { Contact } from './caller.ts';

const PHONE = /^\+[1-9]\d{6,14}$/;
const EMAIL =
  /^[^\s@"<>(),:;[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/;
const LONGEST_EMAIL = 254;

/**
 * The normal form of a telephone number (E.164; spaces, dots, hyphens and brackets are dropped) or an
 * e-mail address (lower case).
 *
 * @returns undefined if it is neither: a national number is none, as nobody says of which country
 */
export function parseContact(text: string): Contact | undefined {
  const phone = text.replace(/[\s().-]/g, '');
  if (PHONE.test(phone)) return { kind: 'phone', value: phone };
  const email = text.trim().toLowerCase();
  const isEmail = email.length <= LONGEST_EMAIL && EMAIL.test(email);
  return isEmail ? { kind: 'email', value: email } : undefined;
}
