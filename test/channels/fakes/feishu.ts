import { createHmac } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const FEISHU_TOKEN = 'feishu-fake-hook-token-1234567890';
export const FEISHU_SECRET = 'feishu+fake/secret=1234567890';
export const FEISHU_KEYWORD = '鞋管家';

const CLOCK_TOLERANCE_SEC = 3600;
const LIMITS = [
  { most: 5, withinMs: 1000 },
  { most: 100, withinMs: 60_000 },
];
const MOST_BYTES = 20_000;

interface SendMessage {
  readonly timestamp?: string;
  readonly sign?: string;
  readonly msg_type?: string;
  readonly content?: { readonly text?: string };
}

const answer = (code: number, msg: string): FakeAnswer => ({ body: { code, msg, data: {} } });

/** One robot that wants a signature and a keyword. */
export class FakeFeishu extends FakeProvider {
  readonly echoes = false;
  readonly secrets = [];
  private readonly times: number[] = [];

  override reset(): void {
    super.reset();
    this.times.length = 0;
  }

  protected override carriesMessage({ path }: ReceivedRequest): boolean {
    return path.startsWith('/open-apis/bot/v2/hook/');
  }

  protected override answer({ method, path, headers, body }: ReceivedRequest): FakeAnswer {
    const hook = `/open-apis/bot/v2/hook/${FEISHU_TOKEN}`;
    if (method !== 'POST' || path !== hook) return answer(19001, 'token invalid');
    if (this.isTooOften()) return answer(11232, 'too many requests');
    if (headers['content-type'] !== 'application/json') return answer(9499, 'Bad Request');
    if (body.length > MOST_BYTES) return answer(9499, 'Bad Request');
    const {
      timestamp = '',
      sign,
      msg_type: type,
      content,
    } = JSON.parse(body.toString('utf8')) as SendMessage;
    const offSec = Math.abs(Number(timestamp) - this.clock.now() / 1000);
    if (!/^\d{10}$/.test(timestamp) || offSec > CLOCK_TOLERANCE_SEC || sign !== signOf(timestamp)) {
      return answer(19021, 'sign match fail or timestamp is not within one hour from current time');
    }
    const text = content?.text ?? '';
    if (type !== 'text' || text === '') return answer(9499, 'Bad Request');
    if (!text.includes(FEISHU_KEYWORD)) return answer(19024, 'Key Words Not Found');
    this.record({ recipient: FEISHU_TOKEN, text, echo: null, ref: null });
    return answer(0, 'success');
  }

  private isTooOften(): boolean {
    const now = this.clock.now();
    this.times.push(now);
    return LIMITS.some(
      ({ most, withinMs }) => this.times.filter((time) => time > now - withinMs).length > most,
    );
  }
}

const signOf = (timestamp: string): string =>
  createHmac('sha256', `${timestamp}\n${FEISHU_SECRET}`).digest('base64');
