import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { SendContext } from '../channel.ts';
import type { HttpResponse } from '../http-client.ts';
import {
  badResponse,
  type Failure,
  refusedByStatus,
  refusedWith,
  unanswered,
  withoutSecrets,
} from '../outcomes.ts';
import { readJson } from '../read-json.ts';
import { isAboutTheClock, limitLastsMs, TENCENT_SMS_CODES } from './codes.ts';
import type { TencentSmsSettings } from './settings.ts';
import { signTc3 } from './tc3.ts';

const VERSION = '2021-01-11';
const JSON_TYPE = 'application/json';

const Answer = z.object({
  Response: z.looseObject({
    Error: z.object({ Code: z.string(), Message: z.string().default('') }).optional(),
  }),
});

/** Calls an action of the SMS service and reads what it answered as `shape`. */
export async function callTencent<T>(
  settings: TencentSmsSettings,
  action: string,
  body: string,
  shape: z.ZodType<T>,
  { http, now, signal }: SendContext,
): Promise<ApiAnswer<T>> {
  const { secretId, secretKey, region, baseUrl } = settings;
  const timestampSec = Math.floor(now() / 1000);
  const host = new URL(baseUrl).host;
  const service = 'sms';
  const signed = { secretId, secretKey, host, service, timestampSec, contentType: JSON_TYPE, body };
  const headers = {
    'content-type': JSON_TYPE,
    'x-tc-action': action,
    'x-tc-version': VERSION,
    'x-tc-region': region,
    'x-tc-timestamp': String(timestampSec),
    authorization: signTc3(signed),
  };
  const response = await http.request(
    { method: 'POST', url: `${baseUrl}/`, headers, body },
    signal,
  );
  if (response.is !== 'response') return { ok: false, failure: unanswered(response) };
  return read(settings, response, shape, now());
}

function read<T>(
  settings: TencentSmsSettings,
  response: HttpResponse,
  shape: z.ZodType<T>,
  now: number,
): ApiAnswer<T> {
  const { status, text } = response;
  const answer = readJson(text, Answer)?.Response;
  if (answer?.Error !== undefined) {
    const { Code: code, Message: message } = answer.Error;
    return { ok: false, failure: refusedByTencent(settings, { code, message, status }, now) };
  }
  if (status !== 200) return { ok: false, failure: refusedByStatus(response, now) };
  const body = shape.safeParse(answer);
  return body.success ? { ok: true, body: body.data } : { ok: false, failure: badResponse() };
}

/** What a code means, of the whole call or of one number in it. */
export function refusedByTencent(
  { secretKey }: TencentSmsSettings,
  { code, message, status }: { code: string; message: string; status: number },
  now: number,
): Failure {
  const plain = withoutSecrets(message, [secretKey]);
  return refusedWith(TENCENT_SMS_CODES, status, {
    code,
    message: isAboutTheClock(code) ? `${plain} (is the clock of this machine right?)` : plain,
    retryAfterMs: limitLastsMs(code, now),
  });
}
