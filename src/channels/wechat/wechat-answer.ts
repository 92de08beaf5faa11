import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { untilChinaDayMs } from '../china-time.ts';
import type { HttpOutcome } from '../http-client.ts';
import {
  badResponse,
  refusedByStatus,
  refusedWith,
  unanswered,
  withoutSecrets,
  type CodeTable,
  type Failure,
} from '../outcomes.ts';
import { readExactJson } from './read-wechat.ts';

/** How an answer is to be understood. */
export interface Reading<T> {
  readonly shape: z.ZodType<T>;
  readonly codes: CodeTable;
  /** Values that the provider may repeat and nobody may be told. */
  readonly secrets: readonly string[];
  readonly now: EpochMs;
}

/** Of WeChat and WeCom: a daily or monthly number of calls is used up. */
const DAILY_QUOTA = 45009;

const Refusal = z.object({ errcode: z.int(), errmsg: z.string().default('') });

/** What the API said. Refusals come with status 200 and an `errcode`. */
export function readWechatAnswer<T>(outcome: HttpOutcome, reading: Reading<T>): ApiAnswer<T> {
  if (outcome.is !== 'response') return { ok: false, failure: unanswered(outcome) };
  const refusal = readExactJson(outcome.text, Refusal);
  if (refusal !== undefined && refusal.errcode !== 0) {
    return { ok: false, failure: refusedBy(refusal, outcome.status, reading) };
  }
  if (outcome.status !== 200) {
    return { ok: false, failure: refusedByStatus(outcome, reading.now) };
  }
  const body = readExactJson(outcome.text, reading.shape);
  return body === undefined ? { ok: false, failure: badResponse() } : { ok: true, body };
}

function refusedBy<T>(
  { errcode, errmsg }: z.output<typeof Refusal>,
  status: number,
  { codes, secrets, now }: Reading<T>,
): Failure {
  const field = /\bdata\.(\w+)/.exec(errmsg)?.[1];
  return refusedWith(codes, status, {
    code: String(errcode),
    message: withoutSecrets(errmsg, secrets),
    retryAfterMs: errcode === DAILY_QUOTA ? untilChinaDayMs(now) : null,
    ...(field === undefined ? {} : { field }),
  });
}

/** A whole number or a text, as text. */
export const idText = z.union([z.string(), z.int()]).transform(String);

/** `errcode` 0, and the id of the message where there is one. */
export const Sent = z.object({ errcode: z.literal(0), msgid: idText.optional() });

/** A token with its life. */
export const Token = z
  .object({ access_token: z.string().min(1), expires_in: z.int().positive() })
  .transform((given) => ({ token: given.access_token, expiresInSec: given.expires_in }));
