import { badInput } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { isEmail, isPhone } from '../../platform/signin/contact.ts';
import type { CustomerDetails } from './customers.service.ts';

/** `CustomerInput` as it arrives. */
export interface CustomerInput {
  readonly name: string;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly locale?: string | null;
}

const NAME = { what: 'A name', least: 1, most: 200 };

/**
 * Whom a booking is for: customers book for themselves, everybody else says for whom.
 *
 * @throws GraphQLError BAD_USER_INPUT that names the field
 */
export function bookedFor(
  caller: SignedInCaller,
  input: CustomerInput | null | undefined,
): CustomerDetails {
  if (caller.role === 'customer') {
    if (input != null) throw badInput('Customers book for themselves: leave this out.', 'customer');
    const { kind, value } = caller.contact;
    return { name: null, phone: null, email: null, locale: null, [kind]: value };
  }
  if (input == null) throw badInput('Say whom the order is for.', 'customer');
  return detailsOf(input);
}

function detailsOf(input: CustomerInput): CustomerDetails {
  const name = input.name.trim();
  const phone = input.phone ?? null;
  const email = input.email?.toLowerCase() ?? null;
  const locale = input.locale ?? null;
  checkText(name, NAME, 'customer.name');
  if (phone === null && email === null) {
    throw badInput('At least one of phone and email is needed.', 'customer');
  }
  if (phone !== null && !isPhone(phone)) {
    throw badInput('A phone number is written as in +8613800138000.', 'customer.phone');
  }
  if (email !== null && !isEmail(email)) {
    throw badInput('This is no email address.', 'customer.email');
  }
  if (locale !== null && !isLocale(locale)) {
    throw badInput('A locale is written as in zh-CN or en.', 'customer.locale');
  }
  return { name, phone, email, locale };
}

/** BCP 47. */
export function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
