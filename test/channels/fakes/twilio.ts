import { createHmac } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'twilio-fake-auth-token-1234567890';
export const API_KEY_SID = 'SK00000000000000000000000000000001';
export const API_KEY_SECRET = 'twilio+fake/api=key!secret';
export const FROM = '+15005550006';
export const SERVICE_SID = 'MG00000000000000000000000000000001';
export const CONTENT_SID = 'HX00000000000000000000000000000001';

/** Variables of the only approved template. */
const VARIABLES = 3;
const MOST_CHARS = 1600;

interface TwilioMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string | null;
  readonly body: string;
  readonly createdMs: number;
}

const refusal = (code: number, status = 400): FakeAnswer => ({
  status,
  body: { code, message: `${code} said in words`, more_info: 'https://example.com', status },
});

/** The API with one account, one number, one messaging service and one approved template. */
export class FakeTwilio extends FakeProvider {
  readonly echoes = true;
  readonly secrets = [
    Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64'),
    Buffer.from(`${API_KEY_SID}:${API_KEY_SECRET}`).toString('base64'),
  ];
  protected isWindowOpen = true;
  private readonly sent: TwilioMessage[] = [];

  override reset(): void {
    super.reset();
    this.sent.length = 0;
    this.isWindowOpen = true;
  }

  protected override carriesMessage({ method }: ReceivedRequest): boolean {
    return method === 'POST';
  }

  protected override answer(request: ReceivedRequest): FakeAnswer {
    const { method, path, headers, query, body } = request;
    const [kind, given] = (headers.authorization ?? '').split(' ');
    if (kind !== 'Basic' || !this.secrets.includes(given ?? '')) return refusal(20003, 401);
    if (path !== `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`) return refusal(20404, 404);
    if (method === 'GET') return this.list(query);
    if (headers['content-type'] !== 'application/x-www-form-urlencoded') return refusal(20001);
    return this.create(new URLSearchParams(body.toString('utf8')));
  }

  private create(form: URLSearchParams): FakeAnswer {
    const code = codeOf(form) ?? this.windowCodeOf(form);
    if (code !== undefined) return refusal(code);
    const sid = `SM${this.newId().padStart(32, '0')}`;
    const to = form.get('To') ?? '';
    const body = form.get('Body') ?? wordsOf(form).join(' | ');
    this.sent.push({ sid, to, from: form.get('From'), body, createdMs: this.clock.now() });
    const callback = new URL(form.get('StatusCallback')!);
    const text = body + (form.has('MediaUrl') ? ` [${form.get('MediaUrl')!}]` : '');
    this.record({ recipient: to, text, echo: callback.searchParams.get('d'), ref: sid });
    return { status: 201, body: { sid, status: 'queued', to, error_code: null } };
  }

  private windowCodeOf(form: URLSearchParams): number | undefined {
    const isFree = form.get('To')?.startsWith('whatsapp:') === true && form.has('Body');
    return isFree && !this.isWindowOpen ? 63016 : undefined;
  }

  private list(query: URLSearchParams): FakeAnswer {
    const since = query.get('DateSent>') ?? '';
    const from = query.get('From');
    const size = Number(query.get('PageSize'));
    if (!(size >= 1 && size <= 1000)) return refusal(20006);
    const messages = this.sent
      .filter((message) => message.to === (query.get('To') ?? message.to))
      .filter((message) => from === null || message.from === from)
      .filter(({ createdMs }) => new Date(createdMs).toISOString().slice(0, 10) >= since)
      .map(({ sid, to, body, createdMs }) => ({
        sid,
        to,
        body,
        status: 'sent',
        date_created: new Date(createdMs).toUTCString(),
      }));
    return { body: { messages: messages.slice(0, size), page_size: size } };
  }
}

/** The same for WhatsApp, where free words need a window. */
export class FakeTwilioWhatsapp extends FakeTwilio {
  closeGrants(): void {
    this.isWindowOpen = false;
  }
}

function codeOf(form: URLSearchParams): number | undefined {
  const to = form.get('To') ?? '';
  const from = form.get('From');
  if (!/^(whatsapp:)?\+[1-9]\d{6,14}$/.test(to)) return 21211;
  const prefix = to.startsWith('whatsapp:') ? 'whatsapp:' : '';
  if (form.has('MessagingServiceSid')) {
    if (from !== null || form.get('MessagingServiceSid') !== SERVICE_SID) return 21701;
  } else if (from !== prefix + FROM) return 21212;
  const validitySec = Number(form.get('ValidityPeriod'));
  if (!(Number.isInteger(validitySec) && validitySec >= 1 && validitySec <= 36_000)) return 21635;
  const callback = form.get('StatusCallback') ?? '';
  if (!URL.canParse(callback) || new URL(callback).hostname.includes('_')) return 21609;
  const body = form.get('Body');
  if (body !== null) return body === '' ? 21602 : body.length > MOST_CHARS ? 21617 : undefined;
  if (form.get('ContentSid') !== CONTENT_SID) return 20404;
  const words = wordsOf(form);
  const areGood = words.every((word) => word !== '' && !/[\r\n\t]| {5}/.test(word));
  return words.length === VARIABLES && areGood ? undefined : 21656;
}

const wordsOf = (form: URLSearchParams): readonly string[] =>
  Object.values(JSON.parse(form.get('ContentVariables') ?? '{}') as Record<string, string>);

/** As it signs a form that it posts. */
export function signatureOfTwilio(url: string, form: Readonly<Record<string, string>>): string {
  const names = Object.keys(form).sort();
  const content = names.reduce((text, name) => text + name + form[name]!, url);
  return createHmac('sha1', AUTH_TOKEN).update(content, 'utf8').digest('base64');
}
