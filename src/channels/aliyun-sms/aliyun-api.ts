import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { SendContext } from '../channel.ts';
import type { HttpResponse } from '../http-client.ts';
import {
  badResponse,
  refusedByStatus,
  refusedWith,
  unanswered,
  withoutSecrets,
} from '../outcomes.ts';
import { readJson } from '../read-json.ts';
import { signAcs3 } from './acs3.ts';
import { ALIYUN_SMS_CODES, isAboutTheClock, limitLastsMs } from './codes.ts';
import type { AliyunSmsSettings } from './settings.ts';

const VERSION = '2017-05-25';

const Answer = z.looseObject({ Code: z.string(), Message: z.string().default('') });

/** Calls an action of the SMS service and reads its answer as `shape`. */
export async function callAliyun<T>(
  settings: AliyunSmsSettings,
  action: string,
  query: Readonly<Record<string, string>>,
  shape: z.ZodType<T>,
  { http, now, signal }: SendContext,
): Promise<ApiAnswer<T>> {
  const { accessKeyId, accessKeySecret, baseUrl } = settings;
  const { queryString, headers } = signAcs3({
    accessKeyId,
    accessKeySecret,
    host: new URL(baseUrl).host,
    action,
    version: VERSION,
    date: `${new Date(now()).toISOString().slice(0, 19)}Z`,
    nonce: randomUUID(),
    query,
  });
  const url = `${baseUrl}/?${queryString}`;
  const response = await http.request({ method: 'POST', url, headers }, signal);
  if (response.is !== 'response') return { ok: false, failure: unanswered(response) };
  return read(settings, response, shape, now());
}

function read<T>(
  { accessKeySecret }: AliyunSmsSettings,
  response: HttpResponse,
  shape: z.ZodType<T>,
  now: number,
): ApiAnswer<T> {
  const { status, text } = response;
  const answer = readJson(text, Answer);
  if (answer === undefined) {
    return { ok: false, failure: status === 200 ? badResponse() : refusedByStatus(response, now) };
  }
  const { Code: code, Message: said } = answer;
  if (code !== 'OK') {
    const plain = withoutSecrets(said, [accessKeySecret]);
    const message = isAboutTheClock(code)
      ? `${plain} (is the clock of this machine right?)`
      : plain;
    const refused = { code, message, retryAfterMs: limitLastsMs(code, now) };
    return { ok: false, failure: refusedWith(ALIYUN_SMS_CODES, status, refused) };
  }
  const body = shape.safeParse(answer);
  return body.success ? { ok: true, body: body.data } : { ok: false, failure: badResponse() };
}
