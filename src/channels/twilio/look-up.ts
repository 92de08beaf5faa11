import { z } from 'zod';

import type { LookUpOutcome, SendContext, SentMessage } from '../channel.ts';
import { receiptStatusOf } from './codes.ts';
import { partyOf, type TwilioSettings } from './settings.ts';
import { callTwilio } from './twilio-api.ts';

/** By which its clock may be behind ours. */
const CLOCK_TOLERANCE_MS = 60_000;
const PAGE_SIZE = '100';

const Message = z.object({
  sid: z.string(),
  status: z.string(),
  body: z.string().nullish(),
  date_created: z.string(),
});
type Message = z.output<typeof Message>;

const Messages = z.object({ messages: z.array(Message) });

/** Asks for what was sent to the number since the first attempt, and finds ours by its words. */
export async function lookUpByWords(
  settings: TwilioSettings,
  { address, firstAttemptAt, shown }: SentMessage<string>,
  context: SendContext,
): Promise<LookUpOutcome> {
  const since = firstAttemptAt - CLOCK_TOLERANCE_MS;
  const query = new URLSearchParams({
    To: partyOf(settings, address),
    ...(settings.from === undefined ? {} : { From: partyOf(settings, settings.from) }),
    // Read as: on this day or later.
    'DateSent>': new Date(since).toISOString().slice(0, 10),
    PageSize: PAGE_SIZE,
  });
  const path = `/Messages.json?${query.toString()}`;
  const answer = await callTwilio(settings, { path }, Messages, context);
  if (!answer.ok) return { found: 'unknown', code: answer.failure.code };
  const ours = answer.body.messages.find(
    (message) => Date.parse(message.date_created) >= since && saysAll(message, shown.text),
  );
  if (ours === undefined) return { found: false };
  const status = receiptStatusOf(ours.status) ?? 'accepted';
  return { found: true, providerRef: ours.sid, status };
}

/** Of a template only the values are known, one a line; the provider's body has more words around them. */
const saysAll = ({ body }: Message, text: string): boolean =>
  text.split('\n').every((line) => body?.includes(line));
