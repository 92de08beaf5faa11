import { z } from 'zod';

import type { CallbackOutcome, CallbackReply, CallbackRequest, ChannelEvent } from './channel.ts';
import { endsInSecret } from './path-secret.ts';
import { readJson } from './read-json.ts';

/** A call that is refused, with nothing of it believed. */
export const refusedCall = (status: 400 | 401 | 403 | 405, reason: string): CallbackOutcome => ({
  ok: false,
  status,
  reason,
});

/** Reads an unsigned JSON array of receipts that is posted to an address ending in a secret. */
export function receiptCallback<Report>(
  { method, url, body }: CallbackRequest,
  secret: string,
  reply: CallbackReply,
  report: z.ZodType<Report>,
  receiptOf: (report: Report) => ChannelEvent,
): CallbackOutcome {
  if (!endsInSecret(url, secret)) return refusedCall(403, 'the address does not end in the secret');
  if (method !== 'POST') return refusedCall(405, 'receipts are posted');
  const reports = readJson(Buffer.from(body).toString('utf8'), z.array(report));
  if (reports === undefined) return refusedCall(400, 'not a list of receipts');
  return { ok: true, events: reports.map(receiptOf), reply };
}
