import { createHmac } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const DING_TOKEN = 'dingtalk-fake-token-1234567890';
export const DING_SECRET = 'SECdingtalk+fake/secret=1234567890';
export const DING_KEYWORD = '鞋管家';

const CLOCK_TOLERANCE_MS = 3_600_000;
const MOST_A_MINUTE = 20;
const MINUTE_MS = 60_000;
const LOCK_OUT_MS = 600_000;
const MOST_BYTES = 20_000;

const answer = (errcode: number, errmsg: string): FakeAnswer => ({ body: { errcode, errmsg } });

/** One robot that wants a signature and a keyword. */
export class FakeDingtalk extends FakeProvider {
  readonly echoes = false;
  readonly secrets = [];
  private readonly times: number[] = [];
  private lockedUntilMs = 0;

  override reset(): void {
    super.reset();
    this.times.length = 0;
    this.lockedUntilMs = 0;
  }

  protected override carriesMessage({ path }: ReceivedRequest): boolean {
    return path === '/robot/send';
  }

  protected override answer({ method, path, query, headers, body }: ReceivedRequest): FakeAnswer {
    if (method !== 'POST' || path !== '/robot/send') return answer(404, 'not found');
    if (query.get('access_token') !== DING_TOKEN) return answer(300001, 'token is not exist');
    if (this.isLockedOut()) return answer(130101, 'send too fast');
    if (headers['content-type'] !== 'application/json') return answer(43004, 'not JSON');
    const timestamp = query.get('timestamp') ?? '';
    const isInTime = Math.abs(Number(timestamp) - this.clock.now()) <= CLOCK_TOLERANCE_MS;
    if (!/^\d{13}$/.test(timestamp) || !isInTime) return answer(310000, 'invalid timestamp');
    if (query.get('sign') !== signOf(timestamp)) return answer(310000, 'sign not match');
    if (body.length > MOST_BYTES) return answer(460101, 'message too long');
    const { msgtype, text } = JSON.parse(body.toString('utf8')) as {
      msgtype: string;
      text?: { content?: string };
    };
    const content = text?.content ?? '';
    if (msgtype !== 'text' || content === '') return answer(40035, 'bad message');
    if (!content.includes(DING_KEYWORD)) return answer(310000, 'keywords not in content');
    this.record({ recipient: DING_TOKEN, text: content, echo: null, ref: null });
    return answer(0, 'ok');
  }

  private isLockedOut(): boolean {
    const now = this.clock.now();
    if (now < this.lockedUntilMs) return true;
    this.times.push(now);
    const lately = this.times.filter((time) => time > now - MINUTE_MS);
    if (lately.length > MOST_A_MINUTE) this.lockedUntilMs = now + LOCK_OUT_MS;
    return now < this.lockedUntilMs;
  }
}

const signOf = (timestamp: string): string =>
  createHmac('sha256', DING_SECRET).update(`${timestamp}\n${DING_SECRET}`).digest('base64');
