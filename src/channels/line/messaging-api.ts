import { z } from 'zod';

import type { EpochMs } from '../../core/time/time.ts';
import type { HttpRequest, HttpResponse } from '../http-client.ts';
import {
  failed,
  meaningOfStatus,
  retryAfterMs,
  withoutSecrets,
  type Failure,
} from '../outcomes.ts';
import { readJson } from '../read-json.ts';
import type { LineSettings } from './settings.ts';

const Refusal = z.object({
  message: z.string(),
  details: z.array(z.object({ message: z.string(), property: z.string() }).partial()).optional(),
});

/** Told apart from the limit by the second only in words. */
const MONTHLY_LIMIT = /monthly limit/i;

export const requestOf = (
  { baseUrl, channelAccessToken }: LineSettings,
  request: Omit<HttpRequest, 'url'> & { readonly path: string },
): HttpRequest => ({
  method: request.method,
  url: baseUrl + request.path,
  headers: { ...request.headers, authorization: `Bearer ${channelAccessToken}` },
  ...(request.body === undefined ? {} : { body: request.body }),
});

/** Of an answer that is no success. A repeat does no harm, so a gateway that gave up can be asked again. */
export function refused(
  { status, text, headers }: HttpResponse,
  { channelAccessToken }: LineSettings,
  now: EpochMs,
): Failure {
  const { message = `the provider answered with status ${status}`, details = [] } =
    readJson(text, Refusal) ?? {};
  const [detail] = details;
  const said = detail?.message === undefined ? message : `${message}: ${detail.message}`;
  const isUsedUp = status === 429 && MONTHLY_LIMIT.test(message);
  return failed(meaningOfStatus(status, true), {
    code: isUsedUp ? 'MONTHLY_LIMIT' : `HTTP_${status}`,
    message: withoutSecrets(said, [channelAccessToken]),
    retryAfterMs: isUsedUp ? untilNextMonthMs(now) : retryAfterMs(headers, now),
    ...(detail?.property === undefined ? {} : { field: detail.property }),
  });
}

/** To the end of the month in UTC: by then it has ended in every country where LINE counts. */
function untilNextMonthMs(now: EpochMs): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - now;
}
