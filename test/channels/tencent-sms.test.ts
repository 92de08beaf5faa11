import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { CallbackRequest } from '../../src/channels/channel.ts';
import { TENCENT_SMS_CODES } from '../../src/channels/tencent-sms/codes.ts';
import { TencentSmsSettings } from '../../src/channels/tencent-sms/settings.ts';
import { tencentSmsChannel } from '../../src/channels/tencent-sms/tencent-sms.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import type { FakeAnswer } from './fakes/contract-fake.ts';
import {
  FakeTencentSms,
  SDK_APP_ID,
  SECRET_ID,
  SECRET_KEY,
  TENCENT_SIGN,
  TENCENT_TEMPLATE,
} from './fakes/tencent-sms.ts';

const PATH_SECRET = 'unguessable-path-1234567890';
const PHONE = '+8613800138000';
const clock = new TestClock(CONTRACT_START);
const fake = new FakeTencentSms(clock);

const ofCall = (code: string): FakeAnswer => ({
  body: { Response: { Error: { Code: code, Message: 'said in words' }, RequestId: 'R' } },
});
const ofNumber = (code: string): FakeAnswer => ({
  body: { Response: { SendStatusSet: [{ SerialNo: '', Code: code, Message: 'said in words' }] } },
});

const receipts = (reports: unknown, secret = PATH_SECRET): CallbackRequest => ({
  method: 'POST',
  url: `https://welt.example/callbacks/tencent-sms/1/${secret}`,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(reports)),
});

const REPORT = {
  user_receive_time: '2026-11-22 09:02:07',
  nationcode: '86',
  mobile: '13800138000',
  report_status: 'SUCCESS',
  errmsg: 'DELIVRD',
  description: '用户短信送达成功',
  sid: '2645:1029457500870543736',
};

const FIELDS = { 4: 'ticketCode', 2: 'store', 1: 'items', 3: 'pickUpTime' };

const subject: ContractSubject = {
  channel: tencentSmsChannel,
  fake,
  clock,
  settings: (url) => ({
    secretId: SECRET_ID,
    secretKey: SECRET_KEY,
    sdkAppId: SDK_APP_ID,
    signName: TENCENT_SIGN,
    receiptPathSecret: PATH_SECRET,
    templates: { 'order.ready': { id: TENCENT_TEMPLATE, fields: FIELDS } },
    baseUrl: url,
  }),
  address: PHONE,
  recipient: PHONE,
  wrongCredentials: {
    settings: { secretKey: 'another+secret/of=the!account' },
    outcome: {
      outcome: 'permanent',
      because: 'configuration',
      code: 'AuthFailure.SignatureFailure',
    },
  },
  cases: Object.entries(TENCENT_SMS_CODES).flatMap(([name, meaning]) => {
    const code = name.replace('*', '.Other');
    const isTemporary = ['rateLimit', 'provider'].includes(meaning);
    const outcome =
      meaning === 'ambiguous'
        ? ({ outcome: 'ambiguous', code } as const)
        : ({ outcome: isTemporary ? 'temporary' : 'permanent', because: meaning, code } as const);
    return [
      { name: `${code} of the call`, answer: ofCall(code), outcome },
      { name: `${code} of the number`, answer: ofNumber(code), outcome },
    ];
  }),
  unknownCode: { answer: ofNumber('FailedOperation.NobodyKnows') },
  callbacks: {
    genuine: [
      {
        name: 'a receipt',
        request: () => receipts([REPORT]),
        events: [
          {
            is: 'receipt',
            at: CONTRACT_START + 4000,
            deliveryId: null,
            providerRef: REPORT.sid,
            status: 'delivered',
            code: null,
          },
        ],
        reply: { body: '{"result":0,"errmsg":"OK"}' },
        isBodySigned: false,
      },
      {
        name: 'receipts of a failure, and without a time',
        request: () =>
          receipts([
            { ...REPORT, report_status: 'FAIL', errmsg: 'MO:0254' },
            { ...REPORT, sid: '7', user_receive_time: null },
          ]),
        events: [
          { is: 'receipt', status: 'failed', code: 'MO:0254' },
          { is: 'receipt', status: 'delivered', at: CONTRACT_START },
        ],
        isBodySigned: false,
      },
    ],
    forged: [{ name: 'another secret', request: () => receipts([REPORT], `${PATH_SECRET}x`) }],
  },
};

runChannelContract(subject);

describe('SMS of Tencent Cloud', () => {
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  it('puts values into the places of their variables', async () => {
    await new Trial(subject).send();
    expect(fake.messages[0]!.text).toBe(
      '【鞋管家】AJ1 深度清洁|人民广场店|2026年11月27日 15:00|W7K2Q9',
    );
  });

  it.each([
    { name: 'a name', fields: { shoe: 'items' } },
    { name: 'a gap', fields: { 1: 'items', 3: 'store' } },
    { name: 'a start at 0', fields: { 0: 'items', 1: 'store' } },
  ])('refuses variables with $name', ({ fields }) => {
    const { raw } = new Trial(subject);
    const parsed = TencentSmsSettings.safeParse({
      ...raw,
      templates: { 'order.ready': { id: TENCENT_TEMPLATE, fields } },
    });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([
      ['templates', 'order.ready', 'fields'],
    ]);
  });

  it('takes many variables in the order of their numbers', () => {
    const names = ['customer', 'items', 'stage', 'store', 'price', 'reason', 'readyBy'];
    const values = [...names, 'dropOffStore', 'pickUpStore', 'ticketCode', 'storeAddress'];
    const fields = Object.fromEntries(values.map((name, at) => [String(at + 1), name]));
    const trial = new Trial(subject, { templates: { 'order.ready': { id: 'T', fields } } });
    const message = trial.message();
    const composed = trial.compose(message);
    if (!composed.ok) throw new Error('not composed');
    const { TemplateParamSet } = JSON.parse(composed.payload as string) as {
      TemplateParamSet: readonly string[];
    };
    expect(TemplateParamSet).toEqual(values.map((name) => message.content.fields[name]));
  });

  it.each([
    { code: 'LimitExceeded.DeliveryFrequencyLimit', retryAfterMs: 30_000 },
    { code: 'LimitExceeded.PhoneNumberThirtySecondLimit', retryAfterMs: 30_000 },
    { code: 'LimitExceeded.PhoneNumberOneHourLimit', retryAfterMs: 3_600_000 },
    {
      code: 'LimitExceeded.PhoneNumberDailyLimit',
      retryAfterMs: Date.parse('2026-11-23T00:00:00+08:00') - CONTRACT_START,
    },
    { code: 'RequestLimitExceeded', retryAfterMs: null },
  ])('waits for the end of $code', async ({ code, retryAfterMs }) => {
    fake.failNext(ofNumber(code));
    expect(await new Trial(subject).send()).toMatchObject({ because: 'rateLimit', retryAfterMs });
  });

  it('is told when the same words come again within 30 s', async () => {
    fake.limitsRepeats = true;
    const trial = new Trial(subject);
    await trial.send();
    expect(await trial.send()).toMatchObject({ because: 'rateLimit', retryAfterMs: 30_000 });
    clock.advance(30_000);
    expect(await trial.send()).toMatchObject({ outcome: 'accepted' });
  });

  it('names the clock when it is wrong', async () => {
    const ownClock = new TestClock(CONTRACT_START + 301_000);
    const outcome = await new Trial({ ...subject, clock: ownClock }).send();
    expect(outcome).toMatchObject({
      because: 'configuration',
      code: 'AuthFailure.SignatureExpire',
      message: expect.stringContaining('clock'),
    });
  });

  describe('asked whether it has a message', () => {
    const lookUp = (trial: Trial, deliveryId: string, firstAttemptAt = clock.now()) =>
      subject.channel.lookUp!(
        trial.settings,
        { deliveryId, firstAttemptAt, address: PHONE, shown: { title: null, text: '' } },
        trial.context(),
      );

    it('finds what the number got since the first attempt', async () => {
      const trial = new Trial(subject);
      const message = trial.message();
      await trial.send(message);
      const { ref } = fake.messages[0]!;
      const found = { found: true, providerRef: ref, status: 'delivered' };
      expect(await lookUp(trial, message.deliveryId)).toEqual(found);
      expect(await lookUp(trial, message.deliveryId, clock.now() + 1000)).toEqual({ found: false });
    });

    it('tells messages apart if the provider says what was sent along', async () => {
      fake.tellsContext = true;
      const trial = new Trial(subject, { contextInReceipts: true });
      const message = trial.message();
      await trial.send(message);
      expect(await lookUp(trial, message.deliveryId)).toMatchObject({ found: true });
      expect(await lookUp(trial, trial.message().deliveryId)).toEqual({ found: false });
    });
  });
});
