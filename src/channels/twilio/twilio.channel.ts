import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type {
  CallbackOutcome,
  CallbackRequest,
  Channel,
  ChannelDescriptor,
  Composed,
  LookUpOutcome,
  OutgoingMessage,
  SendContext,
  SendOutcome,
  SentMessage,
  Verified,
  Way,
} from '../channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { PhoneAddress } from '../phone-address.ts';
import { bindingOf } from '../template-binding.ts';
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
const TEMPLATE: Way = { name: 'template', grant: null };

/** How long the provider may try; longer and shorter times are refused. */
const LEAST_VALIDITY_SEC = 1;
const MOST_VALIDITY_SEC = 36_000;

const Sent = z.object({ sid: z.string() });

/** SMS and WhatsApp by Twilio. */
export class TwilioChannel implements Channel<TwilioSettings, string, TwilioRequest> {
  readonly descriptor = DESCRIPTOR;
  readonly settings = TwilioSettings;
  readonly address = PhoneAddress;

  addressKey(address: string): string {
    return address;
  }

  ways({ kind, templates }: TwilioSettings, messageKind: string): readonly Way[] {
    if (kind === 'sms') return [TEXT];
    return bindingOf(templates, messageKind) === undefined
      ? [TEXT_IN_WINDOW]
      : [TEXT_IN_WINDOW, TEMPLATE];
  }

  compose(settings: TwilioSettings, message: OutgoingMessage<string>): Composed<TwilioRequest> {
    return composeTwilio(settings, message);
  }

  async send(
    settings: TwilioSettings,
    { usefulUntil }: OutgoingMessage<string>,
    payload: TwilioRequest,
    context: SendContext,
  ): Promise<SendOutcome> {
    const leftSec = Math.floor((usefulUntil - context.now()) / 1000);
    const validitySec = Math.min(Math.max(leftSec, LEAST_VALIDITY_SEC), MOST_VALIDITY_SEC);
    const form = new URLSearchParams({ ...payload, ValidityPeriod: String(validitySec) });
    const answer = await callTwilio(settings, { path: '/Messages.json', form }, Sent, context);
    return answer.ok ? { outcome: 'accepted', providerRef: answer.body.sid } : answer.failure;
  }

  lookUp(
    settings: TwilioSettings,
    sent: SentMessage<string>,
    context: SendContext,
  ): Promise<LookUpOutcome> {
    return lookUpByWords(settings, sent, context);
  }

  callback(settings: TwilioSettings, request: CallbackRequest, now: EpochMs): CallbackOutcome {
    return readTwilioCallback(settings, request, now);
  }

  /** Asks for the last message: an API key may do so, and may not read the account. */
  async verify(settings: TwilioSettings, context: SendContext): Promise<Verified> {
    const path = '/Messages.json?PageSize=1';
    return verifiedBy(await callTwilio(settings, { path }, z.object({}), context));
  }
}
