import { z } from 'zod';

import { isPhone } from '../../platform/signin/contact.ts';

/** Of a person who shows businesses no number: `US.13491208655302741918`. */
const BUSINESS_SCOPED_ID = /^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/;

/** A telephone number in E.164 with its `+`, or a business-scoped id. */
export const WhatsappAddress = z
  .string()
  .refine(
    (address) => isPhone(address) || BUSINESS_SCOPED_ID.test(address),
    'must be a telephone number in E.164 or a business-scoped id',
  );

/** As the provider names a person; numbers have no `+` there. */
export const toPartner = (address: string): string => address.replace(/^\+/, '');

export const fromPartner = (partner: string): string =>
  /^\d+$/.test(partner) ? `+${partner}` : partner;
