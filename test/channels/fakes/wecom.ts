import { randomBytes } from 'node:crypto';

import type { TestClock } from '../../support/test-clock.ts';
import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const MEMBER = 'zhang.san';
export const CUSTOMER = 'wmAbCdEfGh_IjKlMnOpQrStUvWx';
export const AGENT_ID = 1_000_002;
export const OPEN_KF_ID = 'wkAbCdEfGh_IjKl';
export const CORPS: Readonly<Record<string, string>> = {
  ww1111111111111111: 'secret-of-the-first-corp-0001',
  ww2222222222222222: 'secret-of-the-second-corp-002',
};
const TOKEN_SEC = 7200;
const MOST_BYTES = 2048;
const WINDOW_MS = 48 * 3_600_000;
const MANY = 200;
/** What one call of `sync_msg` answers here, so that there is more than one page. */
const PAGE = 2;

interface Issued {
  readonly token: string;
  readonly corpId: string;
  until: number;
}

interface SendBody {
  readonly touser: string;
  readonly text: { readonly content: string };
  readonly agentid?: number;
  readonly enable_duplicate_check?: number;
  readonly duplicate_check_interval?: number;
  readonly open_kfid?: string;
  readonly msgid?: string;
}

const said = (errcode: number, errmsg: string): FakeAnswer => ({ body: { errcode, errmsg } });

/** The servers of WeCom: messages of an app to members, and of customer service to customers. */
export class FakeWecom extends FakeProvider {
  private issued: Issued[] = [];
  private window = { until: 0, left: 0 };
  private readonly seen = new Map<string, number>();
  private readonly waiting: object[] = [];
  private callToken: string | null = null;

  constructor(
    clock: TestClock,
    private readonly mode: 'app' | 'kf',
  ) {
    super(clock);
  }

  get echoes(): boolean {
    return this.mode === 'kf';
  }

  get secrets(): readonly string[] {
    return this.issued.map(({ token }) => token);
  }

  override reset(): void {
    super.reset();
    this.issued = [];
    this.seen.clear();
    this.waiting.length = 0;
    this.callToken = null;
    this.openWindow(MANY);
  }

  tokensIssued(): number {
    return this.issued.length;
  }

  expireTokens(): void {
    for (const token of this.issued) token.until = this.clock.now();
  }

  /** As a message of the customer does, which is good for 5. */
  openWindow(messages = 5): void {
    this.window = { until: this.clock.now() + WINDOW_MS, left: messages };
  }

  /** Lets something wait to be fetched. @param token that the notice of it has */
  hold(token: string, ...messages: readonly object[]): void {
    this.callToken = token;
    this.waiting.push(...messages);
  }

  protected carriesMessage({ path }: ReceivedRequest): boolean {
    return path === '/cgi-bin/message/send' || path === '/cgi-bin/kf/send_msg';
  }

  protected answer(request: ReceivedRequest): FakeAnswer {
    if (request.path === '/cgi-bin/gettoken') return this.tokenFor(request);
    const token = this.issued.find(({ token }) => token === request.query.get('access_token'));
    if (token === undefined) return said(40014, 'invalid access_token');
    if (token.until <= this.clock.now()) return said(42001, 'access_token expired');
    const body = request.body.toString();
    switch (request.path) {
      case '/cgi-bin/message/send':
        return this.toMember(body);
      case '/cgi-bin/kf/send_msg':
        return this.toCustomer(JSON.parse(body) as SendBody);
      case '/cgi-bin/kf/sync_msg':
        return this.page(JSON.parse(body) as Record<string, string | undefined>);
      default:
        return said(40066, 'invalid url');
    }
  }

  private tokenFor({ method, query }: ReceivedRequest): FakeAnswer {
    if (method !== 'GET') return said(43001, 'require GET method');
    const corpId = query.get('corpid') ?? '';
    if (CORPS[corpId] === undefined) return said(40013, 'invalid corpid');
    if (CORPS[corpId] !== query.get('corpsecret')) return said(40001, 'invalid credential');
    const now = this.clock.now();
    const kept = this.issued.findLast((issued) => issued.corpId === corpId && issued.until > now);
    const issued = kept ?? {
      token: randomBytes(96).toString('base64url'),
      corpId,
      until: now + TOKEN_SEC * 1000,
    };
    if (kept === undefined) this.issued.push(issued);
    const expiresIn = Math.floor((issued.until - now) / 1000);
    return { body: { errcode: 0, access_token: issued.token, expires_in: expiresIn } };
  }

  private toMember(body: string): FakeAnswer {
    const { touser, text, agentid, ...check } = JSON.parse(body) as SendBody;
    if (agentid !== AGENT_ID) return said(301_002, 'not allow operate another agent');
    if (Buffer.byteLength(text.content) > MOST_BYTES)
      return said(45_002, 'content size out of limit');
    if (touser !== MEMBER) return said(81_013, 'user & party & tag all invalid');
    const ref = this.newId();
    const until = this.seen.get(body) ?? 0;
    if (check.enable_duplicate_check !== 1 || until <= this.clock.now()) {
      this.seen.set(body, this.clock.now() + (check.duplicate_check_interval ?? 1800) * 1000);
      this.record({ recipient: touser, text: text.content, echo: null, ref: null });
    }
    return { body: { errcode: 0, errmsg: 'ok', invaliduser: '', msgid: ref } };
  }

  private toCustomer({
    touser,
    text,
    open_kfid: kfId,
    msgid = this.newId(),
  }: SendBody): FakeAnswer {
    if (kfId !== OPEN_KF_ID) return said(95_000, 'invalid open_kfid');
    if (!/^[\w-]{1,32}$/.test(msgid)) return said(40_058, 'invalid msgid');
    if (touser !== CUSTOMER) return said(40_096, 'invalid external userid');
    if (Buffer.byteLength(text.content) > MOST_BYTES)
      return said(45_002, 'content size out of limit');
    if (this.window.until <= this.clock.now()) return said(45_015, 'response out of time limit');
    if (this.window.left === 0) return said(45_047, 'out of response count limit');
    this.window.left--;
    this.record({ recipient: touser, text: text.content, echo: msgid, ref: msgid });
    return { body: { errcode: 0, errmsg: 'ok', msgid } };
  }

  private page({ cursor, token, open_kfid: kfId }: Record<string, string | undefined>): FakeAnswer {
    if (kfId !== OPEN_KF_ID) return said(95_000, 'invalid open_kfid');
    if (token !== undefined && token !== this.callToken) return said(95_007, 'invalid msg token');
    const from = cursor === undefined ? 0 : Number(cursor.replace('at-', ''));
    const next = Math.min(from + PAGE, this.waiting.length);
    return {
      body: {
        errcode: 0,
        next_cursor: `at-${next}`,
        has_more: next < this.waiting.length ? 1 : 0,
        msg_list: this.waiting.slice(from, next),
      },
    };
  }
}

/** The same for customer service: without a window nothing goes. */
export class FakeCustomerService extends FakeWecom {
  constructor(clock: TestClock) {
    super(clock, 'kf');
  }

  closeGrants(): void {
    this.openWindow(0);
  }
}
