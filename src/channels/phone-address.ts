import { z } from 'zod';

import { isPhone } from '../platform/signin/contact.ts';

/** A telephone number in E.164, with its `+`. */
export const PhoneAddress = z.string().refine(isPhone, 'must be a telephone number in E.164');

const MAINLAND_CHINA = '+86';

const isMainlandChina = (phone: string): boolean => phone.startsWith(MAINLAND_CHINA);

/** As carriers of mainland China want it: their own numbers bare, others with the country code and no `+`. */
export const dialledFromChina = (phone: string): string =>
  isMainlandChina(phone) ? phone.slice(MAINLAND_CHINA.length) : phone.slice(1);

/** For questions that must name a number, when only the answer's kind matters. */
export const ANY_PHONE = '+8613800138000';
