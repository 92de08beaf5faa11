import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type { Channel, ChannelDescriptor, Way } from '../channel.ts';
import { templateWays } from '../fill-template.ts';
import { PhoneAddress } from '../phone-address.ts';
import { readTwilioCallback } from './callback.ts';
import { lookUpByWords } from './look-up.ts';
import { composeTwilio, type TwilioRequest } from './request.ts';
import { TWILIO_FIELDS, TwilioSettings } from './settings.ts';
import { callTwilio } from './twilio-api.ts';

const DESCRIPTOR: ChannelDescriptor = {
  name: 'twilio',
  reaches: 'phone',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'lookUp', afterSec: [30, 120, 600], isAuthoritative: false },
    receipts: 'push',
    inbound: true,
    calendar: false,
    photo: true,
    // Only outside the window, and not by SMS: no kind of message needs one.
    approvedTemplates: false,
  },
  rates: [],
  timeoutMs: 10_000,
  settings: TWILIO_FIELDS,
};

const TEXT: Way = { name: 'text', grant: null };
const TEXT_IN_WINDOW: Way = { name: 'text', grant: { is: 'window' } };

/** How long the provider may try; longer and shorter times are refused. */
const LEAST_VALIDITY_SEC = 1;
const MOST_VALIDITY_SEC = 36_000;

const Sent = z.object({ sid: z.string() });

/** SMS and WhatsApp by Twilio. */
export const twilioChannel: Channel<TwilioSettings, string, TwilioRequest> = {
  descriptor: DESCRIPTOR,
  settings: TwilioSettings,
  address: PhoneAddress,
  addressKey: (phone) => phone,
  ways: ({ kind, templates }, messageKind) =>
    kind === 'sms' ? [TEXT] : [TEXT_IN_WINDOW, ...templateWays(templates, messageKind)],
  compose: composeTwilio,

  send: async (settings, { usefulUntil }, payload, context) => {
    const leftSec = Math.floor((usefulUntil - context.now()) / 1000);
    const validitySec = Math.min(Math.max(leftSec, LEAST_VALIDITY_SEC), MOST_VALIDITY_SEC);
    const form = new URLSearchParams({ ...payload, ValidityPeriod: String(validitySec) });
    const answer = await callTwilio(settings, { path: '/Messages.json', form }, Sent, context);
    return answer.ok ? { outcome: 'accepted', providerRef: answer.body.sid } : answer.failure;
  },

  lookUp: lookUpByWords,
  callback: readTwilioCallback,

  // Asks for the last message: an API key may do so, and may not read the account.
  verify: async (settings, context) => {
    const path = '/Messages.json?PageSize=1';
    return verifiedBy(await callTwilio(settings, { path }, z.object({}), context));
  },
};
