import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { SendContext } from '../channel.ts';
import type { HttpRequest, HttpResponse } from '../http-client.ts';
import {
  badResponse,
  refusedByStatus,
  refusedWith,
  retryAfterMs,
  unanswered,
  withoutSecrets,
} from '../outcomes.ts';
import { readJson } from '../read-json.ts';
import { limitLastsMs, WHATSAPP_CODES } from './codes.ts';
import type { WhatsappSettings } from './settings.ts';

const Refusal = z.object({
  error: z.object({
    code: z.number(),
    message: z.string().default(''),
    error_data: z.object({ details: z.string().default('') }).optional(),
  }),
});

/**
 * Calls the Graph API about the number that messages come from, and reads its answer as `shape`.
 *
 * @param path below the number: `/messages`
 * @param body what is posted; undefined: a GET
 */
export async function callGraph<T>(
  settings: WhatsappSettings,
  { path, body }: { path: string; body?: string },
  shape: z.ZodType<T>,
  { http, now, signal }: SendContext,
): Promise<ApiAnswer<T>> {
  const { baseUrl, graphVersion, phoneNumberId, accessToken } = settings;
  const url = `${baseUrl}/${graphVersion}/${phoneNumberId}${path}`;
  const authorization = `Bearer ${accessToken}`;
  const request: HttpRequest =
    body === undefined
      ? { method: 'GET', url, headers: { authorization } }
      : {
          method: 'POST',
          url,
          headers: { authorization, 'content-type': 'application/json' },
          body,
        };
  const response = await http.request(request, signal);
  if (response.is !== 'response') return { ok: false, failure: unanswered(response) };
  return read(settings, response, shape, now());
}

function read<T>(
  { accessToken, appSecret, verifyToken }: WhatsappSettings,
  response: HttpResponse,
  shape: z.ZodType<T>,
  now: number,
): ApiAnswer<T> {
  const { status, headers, text } = response;
  const refusal = readJson(text, Refusal)?.error;
  if (refusal !== undefined) {
    const code = String(refusal.code);
    const said = [refusal.message, refusal.error_data?.details ?? ''].filter(
      (words) => words !== '',
    );
    const refused = {
      code,
      message: withoutSecrets(said.join(': '), [accessToken, appSecret, verifyToken]),
      retryAfterMs: limitLastsMs(code) ?? retryAfterMs(headers, now),
    };
    return { ok: false, failure: refusedWith(WHATSAPP_CODES, status, refused) };
  }
  if (status !== 200) return { ok: false, failure: refusedByStatus(response, now) };
  const body = readJson(text, shape);
  return body === undefined ? { ok: false, failure: badResponse() } : { ok: true, body };
}
