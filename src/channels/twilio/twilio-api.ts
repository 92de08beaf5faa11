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
import { TWILIO_CODES } from './codes.ts';
import type { TwilioSettings } from './settings.ts';

const Refusal = z.object({ code: z.number(), message: z.string().default('') });

/**
 * Calls the API and reads its answer as `shape`.
 *
 * @param path below the account, with its query: `/Messages.json`
 * @param form what is posted; undefined: a GET
 */
export async function callTwilio<T>(
  settings: TwilioSettings,
  { path, form }: { path: string; form?: URLSearchParams },
  shape: z.ZodType<T>,
  { http, now, signal }: SendContext,
): Promise<ApiAnswer<T>> {
  const { baseUrl, accountSid } = settings;
  const url = `${baseUrl}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}${path}`;
  const authorization = `Basic ${credentialsOf(settings)}`;
  const response = await http.request(requestOf(url, authorization, form), signal);
  if (response.is !== 'response') return { ok: false, failure: unanswered(response) };
  return read(settings, response, shape, now());
}

function requestOf(url: string, authorization: string, form?: URLSearchParams): HttpRequest {
  if (form === undefined) return { method: 'GET', url, headers: { authorization } };
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url, headers, body: form.toString() };
}

function credentialsOf(settings: TwilioSettings): string {
  const { accountSid, authToken, apiKeySid, apiKeySecret } = settings;
  const user = apiKeySid ?? accountSid;
  return Buffer.from(`${user}:${apiKeySecret ?? authToken}`).toString('base64');
}

function read<T>(
  settings: TwilioSettings,
  response: HttpResponse,
  shape: z.ZodType<T>,
  now: number,
): ApiAnswer<T> {
  const { status, headers, text } = response;
  if (status >= 200 && status < 300) {
    const body = readJson(text, shape);
    return body === undefined ? { ok: false, failure: badResponse() } : { ok: true, body };
  }
  const refusal = readJson(text, Refusal);
  if (refusal === undefined) return { ok: false, failure: refusedByStatus(response, now) };
  const secrets = [settings.authToken, settings.apiKeySecret, credentialsOf(settings)];
  const refused = {
    code: String(refusal.code),
    message: withoutSecrets(refusal.message, secrets),
    retryAfterMs: retryAfterMs(headers, now),
  };
  return { ok: false, failure: refusedWith(TWILIO_CODES, status, refused) };
}
