import { createHash, createHmac } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const SECRET_ID = 'AKIDfakeSecretId';
export const SECRET_KEY = 'tencent+fake/secret=key!';
export const SDK_APP_ID = '1400006666';
export const TENCENT_SIGN = '鞋管家';
export const TENCENT_TEMPLATE = '1110';

const VARIABLES = 4;
const CLOCK_TOLERANCE_SEC = 300;
const SAME_CONTENT_MS = 30_000;
const MOST_CHARS = 500;

interface SentSms {
  readonly phone: string;
  readonly serialNo: string;
  readonly context: string;
  readonly text: string;
  readonly atMs: number;
}

interface SendSms {
  readonly PhoneNumberSet: readonly string[];
  readonly SmsSdkAppId: string;
  readonly SignName: string;
  readonly TemplateId: string;
  readonly TemplateParamSet: readonly unknown[];
  readonly SessionContext?: string;
}

interface PullStatus {
  readonly BeginTime: number;
  readonly Offset: number;
  readonly Limit: number;
  readonly PhoneNumber: string;
  readonly SmsSdkAppId: string;
}

const refusal = (code: string): FakeAnswer => ({
  body: { Response: { Error: { Code: code, Message: `${code} said in words` }, RequestId: 'R' } },
});

/** The SMS service with one account, one sign and one template of four variables. */
export class FakeTencentSms extends FakeProvider {
  readonly echoes = true;
  readonly secrets = [];
  /** Whether the same words may not go to the same number within 30 s. */
  limitsRepeats = false;
  /** Whether receipts that are pulled say what was sent along; on request only. */
  tellsContext = false;
  private readonly sent: SentSms[] = [];

  override reset(): void {
    super.reset();
    this.sent.length = 0;
    this.limitsRepeats = false;
    this.tellsContext = false;
  }

  protected override carriesMessage({ headers }: ReceivedRequest): boolean {
    return headers['x-tc-action'] === 'SendSms';
  }

  protected override answer(request: ReceivedRequest): FakeAnswer {
    const { method, path, headers, body } = request;
    if (method !== 'POST' || path !== '/') return refusal('InvalidRequest');
    const sentSec = Number(headers['x-tc-timestamp']);
    const refused = this.unauthentic(request, sentSec);
    if (refused !== null) return refused;
    if (headers['x-tc-version'] !== '2021-01-11') return refusal('InvalidParameter.Version');
    if (headers['x-tc-region'] !== 'ap-guangzhou') return refusal('UnsupportedRegion');
    const asked: unknown = JSON.parse(body.toString('utf8'));
    const action = headers['x-tc-action'];
    if (action === 'SendSms') return this.sendSms(asked as SendSms);
    if (action === 'PullSmsSendStatusByPhoneNumber') return this.pull(asked as PullStatus);
    return refusal('InvalidAction');
  }

  private unauthentic(request: ReceivedRequest, sentSec: number): FakeAnswer | null {
    const { authorization = '' } = request.headers;
    if (!(Math.abs(sentSec - this.clock.now() / 1000) <= CLOCK_TOLERANCE_SEC)) {
      return refusal('AuthFailure.SignatureExpire');
    }
    if (!authorization.includes(`Credential=${SECRET_ID}/`)) {
      return refusal('AuthFailure.SecretIdNotFound');
    }
    const signature = /Signature=([0-9a-f]{64})$/.exec(authorization)?.[1];
    const expected = tc3AsServer(request, SECRET_KEY, 'sms');
    return signature === expected ? null : refusal('AuthFailure.SignatureFailure');
  }

  private sendSms(asked: SendSms): FakeAnswer {
    const { PhoneNumberSet: phones, TemplateParamSet: values, SessionContext = '' } = asked;
    if (asked.SmsSdkAppId !== SDK_APP_ID) {
      return refusal('InvalidParameterValue.SdkAppIdNotExist');
    }
    const [phone = ''] = phones;
    const code = this.codeOf(asked, phone);
    const text = `【${TENCENT_SIGN}】${values.join('|')}`;
    const isRepeat = this.sent.some(
      (sms) =>
        sms.phone === phone &&
        sms.text === text &&
        this.clock.now() - sms.atMs < SAME_CONTENT_MS &&
        this.limitsRepeats,
    );
    if (code !== 'Ok' || isRepeat) {
      return this.statusOf(phone, isRepeat ? 'LimitExceeded.DeliveryFrequencyLimit' : code, '');
    }
    const serialNo = this.newId();
    this.sent.push({ phone, serialNo, context: SessionContext, text, atMs: this.clock.now() });
    this.record({ recipient: phone, text, echo: SessionContext, ref: serialNo });
    return this.statusOf(phone, 'Ok', serialNo);
  }

  private codeOf(asked: SendSms, phone: string): string {
    const { TemplateParamSet: values, SessionContext = '', PhoneNumberSet: phones } = asked;
    if (phones.length !== 1 || !/^\+[1-9]\d{6,14}$/.test(phone)) {
      return 'InvalidParameterValue.IncorrectPhoneNumber';
    }
    if (asked.SignName !== TENCENT_SIGN) return 'FailedOperation.SignatureIncorrectOrUnapproved';
    if (asked.TemplateId !== TENCENT_TEMPLATE || values.length !== VARIABLES) {
      return 'FailedOperation.TemplateIncorrectOrUnapproved';
    }
    if (values.some((value) => typeof value !== 'string')) return 'InvalidParameter';
    if (values.join('').length > MOST_CHARS) return 'InvalidParameterValue.ContentLengthLimit';
    return Buffer.byteLength(SessionContext) < 512 ? 'Ok' : 'InvalidParameter';
  }

  private statusOf(phone: string, code: string, serialNo: string): FakeAnswer {
    const status = {
      SerialNo: serialNo,
      PhoneNumber: phone,
      Fee: code === 'Ok' ? 1 : 0,
      SessionContext: '',
      Code: code,
      Message: `${code} said in words`,
      IsoCode: 'CN',
    };
    return { body: { Response: { SendStatusSet: [status], RequestId: 'R' } } };
  }

  private pull(asked: PullStatus): FakeAnswer {
    if (asked.SmsSdkAppId !== SDK_APP_ID) return refusal('FailedOperation.FailResolvePacket');
    if (!(asked.Limit >= 1 && asked.Limit <= 100)) return refusal('InvalidParameter');
    const found = this.sent.filter(
      ({ phone, atMs }) => phone === asked.PhoneNumber && atMs / 1000 >= asked.BeginTime,
    );
    const statuses = found
      .slice(asked.Offset, asked.Offset + asked.Limit)
      .map(({ phone, serialNo, context, atMs }) => ({
        UserReceiveTime: Math.floor(atMs / 1000),
        CountryCode: '86',
        PhoneNumber: phone,
        SerialNo: serialNo,
        ReportStatus: 'SUCCESS',
        Description: 'DELIVRD',
        SessionContext: this.tellsContext ? context : '',
      }));
    return { body: { Response: { PullSmsSendStatusSet: statuses, RequestId: 'R' } } };
  }
}

/** The signature that a request should have, whichever headers it signs. */
export function tc3AsServer(
  { headers, body }: Pick<ReceivedRequest, 'headers' | 'body'>,
  secretKey: string,
  service: string,
): string {
  const { authorization = '', 'x-tc-timestamp': timestamp = '' } = headers;
  const signed = /SignedHeaders=([^,]+),/.exec(authorization)?.[1]?.split(';') ?? [];
  const lines = signed.map((name) => {
    const value = headers[name] ?? '';
    return `${name}:${name === 'x-tc-action' ? value.toLowerCase() : value}\n`;
  });
  const hash = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
  const canonical = `POST\n/\n\n${lines.join('')}\n${signed.join(';')}\n${hash(body)}`;
  const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${hash(canonical)}`;
  const key = [date, service, 'tc3_request'].reduce<string | Buffer>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    `TC3${secretKey}`,
  );
  return createHmac('sha256', key).update(toSign).digest('hex');
}
