import { randomBytes } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const OPEN_ID = 'oFollower-1_AbCdEfGhIjKlMn';
export const APPS: Readonly<Record<string, string>> = {
  wx1111111111111111: 'secret-of-the-first-app-0001',
  wx2222222222222222: 'secret-of-the-second-app-002',
};

type Endpoint = 'template' | 'subscription' | 'mini';

/** Approved templates: where they may be sent, and their fields. */
const TEMPLATES: Readonly<Record<string, { at: Endpoint; fields: readonly string[] }>> = {
  'T-ready': { at: 'template', fields: ['thing1', 'thing2', 'character_string3'] },
  'S-ready': { at: 'subscription', fields: ['thing1', 'thing2', 'character_string3'] },
  'M-ready': { at: 'mini', fields: ['thing1', 'thing2', 'character_string3'] },
};
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/cgi-bin/message/template/send': 'template',
  '/cgi-bin/message/subscribe/bizsend': 'subscription',
  '/cgi-bin/message/subscribe/send': 'mini',
};
const TOKEN_SEC = 7200;
/** A token that ends within this time is replaced. */
const RENEWED_SEC = 300;
const SAME_MESSAGE_MS = 600_000;
const MANY = 200;

interface Issued {
  readonly token: string;
  readonly appId: string;
  until: number;
}

interface SendBody {
  readonly touser: string;
  readonly template_id: string;
  readonly client_msg_id?: string;
  readonly data: Readonly<Record<string, { readonly value: string }>>;
}

const said = (errcode: number, errmsg = 'no'): FakeAnswer => ({ body: { errcode, errmsg } });

/** The servers of WeChat, for official accounts and mini programs. */
export class FakeWechat extends FakeProvider {
  private issued: Issued[] = [];
  private grants = new Map<string, number>();
  private readonly sent = new Map<string, { id: string; at: number }>();

  /** @param endpoint only template messages carry an id of the sender's */
  constructor(
    clock: ConstructorParameters<typeof FakeProvider>[0],
    private readonly endpoint: Endpoint,
  ) {
    super(clock);
  }

  get echoes(): boolean {
    return this.endpoint === 'template';
  }

  get secrets(): readonly string[] {
    return this.issued.map(({ token }) => token);
  }

  override reset(): void {
    super.reset();
    this.issued = [];
    this.sent.clear();
    const subscriptions = Object.keys(TEMPLATES).filter((id) => TEMPLATES[id]!.at !== 'template');
    this.grants = new Map(subscriptions.map((id) => [id, MANY]));
  }

  tokensIssued(): number {
    return this.issued.length;
  }

  expireTokens(): void {
    for (const token of this.issued) token.until = this.clock.now();
  }

  /** How many messages of the template the person will still get. */
  setGrants(templateId: string, messages: number): void {
    this.grants.set(templateId, messages);
  }

  protected carriesMessage({ path }: ReceivedRequest): boolean {
    return path in ENDPOINTS;
  }

  protected answer(request: ReceivedRequest): FakeAnswer {
    if (request.method !== 'POST') return said(43002, 'require POST method');
    if (request.path === '/cgi-bin/stable_token') return this.tokenFor(request);
    const endpoint = ENDPOINTS[request.path];
    return endpoint === undefined ? said(40066, 'invalid url') : this.take(endpoint, request);
  }

  private tokenFor({ body }: ReceivedRequest): FakeAnswer {
    const asked = JSON.parse(body.toString()) as Record<string, string>;
    if (asked.grant_type !== 'client_credential') return said(40002, 'invalid grant_type');
    const { appid: appId = '', secret } = asked;
    if (APPS[appId] === undefined) return said(40013, 'invalid appid');
    if (APPS[appId] !== secret) return said(40125, 'invalid appsecret');
    const now = this.clock.now();
    const kept = this.issued.findLast((issued) => issued.appId === appId);
    if (kept !== undefined && kept.until - now > RENEWED_SEC * 1000) return told(kept, now);
    const token = `99_${randomBytes(96).toString('base64url')}`;
    const issued = { token, appId, until: now + TOKEN_SEC * 1000 };
    this.issued.push(issued);
    return told(issued, now);
  }

  private take(endpoint: Endpoint, { query, body }: ReceivedRequest): FakeAnswer {
    const token = this.issued.find((issued) => issued.token === query.get('access_token'));
    if (token === undefined) return said(40001, 'invalid credential, access_token is invalid');
    if (token.until <= this.clock.now()) return said(42001, 'access_token expired');
    const message = JSON.parse(body.toString()) as SendBody;
    const template = TEMPLATES[message.template_id];
    if (template === undefined) return said(40037, 'invalid template_id');
    if (template.at !== endpoint) return said(43101, 'user refuse to accept the msg');
    if (message.touser !== OPEN_ID) return said(40003, 'invalid openid');
    const wrong = template.fields.find((field) => !fits(field, message.data[field]?.value ?? ''));
    if (wrong !== undefined) return said(47003, `argument invalid! data.${wrong}.value invalid`);
    const earlier = this.earlier(message);
    if (earlier !== undefined) return accepted(earlier);
    const left = this.grants.get(message.template_id) ?? 0;
    if (endpoint !== 'template' && left === 0) return said(43101, 'user refuse to accept the msg');
    this.grants.set(message.template_id, left - 1);
    return accepted(this.keep(message));
  }

  private earlier({ client_msg_id: key }: SendBody): string | undefined {
    const known = key === undefined ? undefined : this.sent.get(key);
    return known && this.clock.now() - known.at < SAME_MESSAGE_MS ? known.id : undefined;
  }

  private keep({ touser, template_id: id, data, client_msg_id: echo }: SendBody): string {
    const ref = this.newId();
    if (echo !== undefined) this.sent.set(echo, { id: ref, at: this.clock.now() });
    const text = TEMPLATES[id]!.fields.map((field) => data[field]!.value).join('\n');
    this.record({ recipient: touser, text, echo: echo ?? null, ref });
    return ref;
  }
}

/** The same for templates that people subscribe to: they need a grant. */
export class FakeSubscriptions extends FakeWechat {
  closeGrants(): void {
    for (const id of Object.keys(TEMPLATES)) this.setGrants(id, 0);
  }
}

const told = ({ token, until }: Issued, now: number): FakeAnswer => ({
  body: { access_token: token, expires_in: Math.floor((until - now) / 1000) },
});

const accepted = (id: string): FakeAnswer => ({
  body: `{"errcode":0,"errmsg":"ok","msgid":${id}}`,
});

function fits(field: string, value: string): boolean {
  if (value === '' || /\n/.test(value)) return false;
  if (field.startsWith('thing')) return value.length <= 20;
  return /^[ -~]{1,32}$/.test(value);
}
