import { createHash, createHmac } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const ACCESS_KEY_ID = 'LTAI5tFakeAccessKey';
export const ACCESS_KEY_SECRET = 'aliyun+fake/access=key!secret';
export const ALIYUN_SIGN = '鞋管家';
export const ALIYUN_TEMPLATE = 'SMS_100000001';

/** Variables of the only approved template, in their order. */
const VARIABLES = ['items', 'where', 'time', 'code'];
const MOST_VARIABLE_CHARS = 35;
const CLOCK_TOLERANCE_MS = 15 * 60_000;
const CHINA_AHEAD_MS = 8 * 3_600_000;
const MOST_A_DAY = 50;

interface SentSms {
  readonly phone: string;
  readonly outId: string;
  readonly text: string;
  readonly atMs: number;
}

const refusal = (code: string, status = 200): FakeAnswer => ({
  status,
  body: { Code: code, Message: `${code} said in words`, RequestId: 'R' },
});

/** Dysmsapi with one account, one sign and one template. Nothing that comes twice is recognised. */
export class FakeAliyunSms extends FakeProvider {
  readonly echoes = true;
  readonly secrets = [];
  private readonly nonces = new Set<string>();
  private readonly sent: SentSms[] = [];

  override reset(): void {
    super.reset();
    this.nonces.clear();
    this.sent.length = 0;
  }

  /** Adds what others have sent to the number, before all that was sent till now. */
  sendToo(phone: string, times: number): void {
    for (let at = 0; at < times; at++) {
      this.sent.unshift({ phone, outId: `other-${at}`, text: 'x', atMs: this.clock.now() });
    }
  }

  protected override carriesMessage({ headers }: ReceivedRequest): boolean {
    return headers['x-acs-action'] === 'SendSms';
  }

  protected override answer(request: ReceivedRequest): FakeAnswer {
    const { method, path, headers, query } = request;
    if (method !== 'POST' || path !== '/') return refusal('InvalidAction.NotFound', 404);
    const refused = this.unauthentic(request);
    if (refused !== null) return refused;
    if (headers['x-acs-version'] !== '2017-05-25') return refusal('InvalidVersion', 400);
    if (headers['x-acs-action'] === 'SendSms') return this.sendSms(query);
    if (headers['x-acs-action'] === 'QuerySendDetails') return this.querySendDetails(query);
    return refusal('InvalidAction.NotFound', 404);
  }

  private unauthentic(request: ReceivedRequest): FakeAnswer | null {
    const { authorization = '', 'x-acs-date': date = '' } = request.headers;
    const nonce = request.headers['x-acs-signature-nonce'] ?? '';
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) {
      return refusal('InvalidTimeStamp.Format', 400);
    }
    if (Math.abs(Date.parse(date) - this.clock.now()) > CLOCK_TOLERANCE_MS) {
      return refusal('InvalidTimeStamp.Expired', 400);
    }
    if (!authorization.includes(`Credential=${ACCESS_KEY_ID},`)) {
      return refusal('InvalidAccessKeyId.NotFound', 404);
    }
    const signature = /Signature=([0-9a-f]{64})$/.exec(authorization)?.[1];
    if (signature !== acs3AsServer(request, ACCESS_KEY_SECRET)) {
      return refusal('SignatureDoesNotMatch', 400);
    }
    if (nonce === '' || this.nonces.has(nonce)) return refusal('SignatureNonceUsed', 400);
    this.nonces.add(nonce);
    return null;
  }

  private sendSms(query: URLSearchParams): FakeAnswer {
    const phone = query.get('PhoneNumbers') ?? '';
    const parameters = JSON.parse(query.get('TemplateParam') ?? '{}') as Record<string, unknown>;
    if (!/^(1\d{10}|[2-9]\d{6,14})$/.test(phone)) return refusal('isv.MOBILE_NUMBER_ILLEGAL');
    if (query.get('SignName') !== ALIYUN_SIGN) return refusal('isv.SMS_SIGNATURE_ILLEGAL');
    if (query.get('TemplateCode') !== ALIYUN_TEMPLATE) return refusal('isv.SMS_TEMPLATE_ILLEGAL');
    const values = VARIABLES.map((name) => parameters[name]);
    if (!values.every((value) => typeof value === 'string' && value !== '')) {
      return refusal('isv.TEMPLATE_MISSING_PARAMETERS');
    }
    const words = values as string[];
    if (words.some((value) => value.length > MOST_VARIABLE_CHARS || /[\r\n]/.test(value))) {
      return refusal('isv.PARAM_LENGTH_LIMIT');
    }
    if (this.sent.filter((sms) => sms.phone === phone).length >= MOST_A_DAY) {
      return refusal('isv.BUSINESS_LIMIT_CONTROL');
    }
    const bizId = this.newId();
    const outId = query.get('OutId') ?? '';
    const text = `【${ALIYUN_SIGN}】${words.join('|')}`;
    this.sent.push({ phone, outId, text, atMs: this.clock.now() });
    this.record({ recipient: phone, text, echo: outId, ref: bizId });
    return { body: { Code: 'OK', Message: 'OK', BizId: bizId, RequestId: 'R' } };
  }

  private querySendDetails(query: URLSearchParams): FakeAnswer {
    const size = Number(query.get('PageSize'));
    const page = Number(query.get('CurrentPage'));
    if (!(size >= 1 && size <= 50 && page >= 1)) return refusal('isv.INVALID_PARAMETERS');
    const found = this.sent.filter(
      ({ phone, atMs }) =>
        phone === query.get('PhoneNumber') && inChina(atMs) === query.get('SendDate'),
    );
    const details = found.slice((page - 1) * size, page * size).map(({ phone, outId, text }) => ({
      PhoneNum: phone,
      OutId: outId,
      Content: text,
      SendStatus: 1,
    }));
    const list = details.length === 0 ? {} : { SmsSendDetailDTO: details };
    return { body: { Code: 'OK', TotalCount: found.length, SmsSendDetailDTOs: list } };
  }
}

const inChina = (ms: number): string =>
  new Date(ms + CHINA_AHEAD_MS).toISOString().slice(0, 10).replaceAll('-', '');

/** The signature that a request should have, computed from what came over the wire. */
export function acs3AsServer({ query, headers, body }: ReceivedRequest, secret: string): string {
  const signed = /SignedHeaders=([^,]+),/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const parameters = Array.from(query, ([name, value]) => `${percent(name)}=${percent(value)}`);
  const hash = createHash('sha256').update(body).digest('hex');
  const canonical = `POST\n/\n${parameters.sort().join('&')}\n${signed
    .map((name) => `${name}:${headers[name] ?? ''}\n`)
    .join('')}\n${signed.join(';')}\n${hash}`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  return createHmac('sha256', secret).update(`ACS3-HMAC-SHA256\n${digest}`).digest('hex');
}

/** RFC 3986: all but letters, digits and four signs. */
const percent = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte);
    const code = byte.toString(16).toUpperCase().padStart(2, '0');
    return /[A-Za-z0-9\-._~]/.test(char) ? char : `%${code}`;
  }).join('');
