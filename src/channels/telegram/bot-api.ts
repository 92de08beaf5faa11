import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { SendContext } from '../channel.ts';
import {
  badResponse,
  failed,
  meaningOfStatus,
  refusedByStatus,
  unanswered,
  withoutSecrets,
  type Failure,
  type Meaning,
} from '../outcomes.ts';
import { readJson } from '../read-json.ts';
import type { TelegramSettings } from './settings.ts';

const Refusal = z.object({
  ok: z.literal(false),
  error_code: z.number(),
  description: z.string().default(''),
  parameters: z.object({ retry_after: z.number().min(0).optional() }).optional(),
});
type Refusal = z.output<typeof Refusal>;

/** Descriptions of refusals with code 400 that are about the person; the API has no finer codes. */
const NOBODY_THERE =
  /chat not found|user not found|PEER_ID_INVALID|chat_id is empty|group chat was upgraded/i;

/** Calls a method of the Bot API. The address has the token in it and is never told. */
export async function callBot<T>(
  { baseUrl, botToken }: TelegramSettings,
  method: string,
  body: string,
  result: z.ZodType<T>,
  { http, signal, now }: SendContext,
): Promise<ApiAnswer<T>> {
  const response = await http.request(
    {
      method: 'POST',
      url: `${baseUrl}/bot${botToken}/${method}`,
      headers: { 'content-type': 'application/json' },
      body,
    },
    signal,
  );
  if (response.is !== 'response') return { ok: false, failure: unanswered(response) };
  const refusal = readJson(response.text, Refusal);
  if (refusal !== undefined) return { ok: false, failure: refused(refusal, botToken) };
  if (response.status !== 200) return { ok: false, failure: refusedByStatus(response, now()) };
  const answer = readJson(response.text, z.object({ ok: z.literal(true), result }));
  return answer === undefined
    ? { ok: false, failure: badResponse() }
    : { ok: true, body: answer.result };
}

function refused({ error_code: code, description, parameters }: Refusal, token: string): Failure {
  const seconds = parameters?.retry_after;
  return failed(meaningOf(code, description), {
    code: String(code),
    message: withoutSecrets(description, [token]),
    retryAfterMs: seconds === undefined ? null : seconds * 1000,
  });
}

function meaningOf(code: number, description: string): Meaning {
  switch (code) {
    case 400:
      return NOBODY_THERE.test(description) ? 'recipient' : 'content';
    case 401:
    case 404: // A token that never was is answered like a method that never was.
      return 'configuration';
    case 403: // The person blocked the bot, never started it, or is no more.
      return 'consent';
    default:
      return meaningOfStatus(code, false);
  }
}
