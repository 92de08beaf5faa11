import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aliyunSmsChannel } from '../../src/channels/aliyun-sms/aliyun-sms.channel.ts';
import { ALIYUN_SMS_CODES } from '../../src/channels/aliyun-sms/codes.ts';
import type { CallbackRequest } from '../../src/channels/channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import {
  ACCESS_KEY_ID,
  ACCESS_KEY_SECRET,
  ALIYUN_SIGN,
  ALIYUN_TEMPLATE,
  FakeAliyunSms,
} from './fakes/aliyun-sms.ts';
import type { FakeAnswer } from './fakes/contract-fake.ts';

const PATH_SECRET = 'unguessable-path-1234567890';
const DELIVERY = '0190b6b2-7f3a-4c1d-8e2f-000000000001';
const clock = new TestClock(CONTRACT_START);
const fake = new FakeAliyunSms(clock);

const refusal = (code: string, status = 200): FakeAnswer => ({
  status,
  body: { Code: code, Message: 'said in words', RequestId: 'R' },
});

const receipts = (reports: unknown, secret = PATH_SECRET): CallbackRequest => ({
  method: 'POST',
  url: `https://welt.example/callbacks/aliyun-sms/1/${secret}`,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(reports)),
});

const REPORT = {
  phone_number: '13800138000',
  send_time: '2026-11-22 09:02:03',
  report_time: '2026-11-22 09:02:07',
  success: true,
  err_code: 'DELIVERED',
  err_msg: '用户接收成功',
  sms_size: '1',
  biz_id: '1029457500870543736^0',
  out_id: DELIVERY,
};

const subject: ContractSubject = {
  channel: aliyunSmsChannel,
  fake,
  clock,
  settings: (url) => ({
    accessKeyId: ACCESS_KEY_ID,
    accessKeySecret: ACCESS_KEY_SECRET,
    signName: ALIYUN_SIGN,
    receiptPathSecret: PATH_SECRET,
    templates: {
      'order.ready': {
        id: ALIYUN_TEMPLATE,
        fields: { items: 'items', where: 'store', time: 'pickUpTime', code: 'ticketCode' },
      },
    },
    baseUrl: url,
  }),
  address: '+8613800138000',
  recipient: '13800138000',
  wrongCredentials: {
    settings: { accessKeySecret: 'another+secret/of=the!account' },
    outcome: { outcome: 'permanent', because: 'configuration', code: 'SignatureDoesNotMatch' },
  },
  cases: Object.entries(ALIYUN_SMS_CODES).map(([name, because]) => {
    const code = name.replace('*', '.User');
    const outcome = ['rateLimit', 'provider'].includes(because) ? 'temporary' : 'permanent';
    return { name: code, answer: refusal(code), outcome: { outcome, because, code } };
  }),
  unknownCode: { answer: refusal('isv.NOBODY_KNOWS') },
  callbacks: {
    genuine: [
      {
        name: 'a receipt',
        request: () => receipts([REPORT]),
        events: [
          {
            is: 'receipt',
            at: CONTRACT_START + 4000,
            deliveryId: DELIVERY,
            providerRef: '1029457500870543736^0',
            status: 'delivered',
            code: null,
          },
        ],
        reply: { body: '{"code":0,"msg":"接收成功"}' },
        isBodySigned: false,
      },
      {
        name: 'receipts of a failure and of what is not ours',
        request: () =>
          receipts([
            { ...REPORT, success: false, err_code: 'MK:0001' },
            { ...REPORT, biz_id: '7^0', out_id: '', report_time: 'soon' },
          ]),
        events: [
          { is: 'receipt', status: 'failed', code: 'MK:0001', deliveryId: DELIVERY },
          { is: 'receipt', status: 'delivered', deliveryId: null, at: CONTRACT_START },
        ],
        isBodySigned: false,
      },
    ],
    forged: [
      { name: 'another secret', request: () => receipts([REPORT], `${PATH_SECRET}x`) },
      { name: 'the secret not at the end', request: () => receipts([REPORT], `${PATH_SECRET}/x`) },
    ],
  },
};

runChannelContract(subject);

describe('SMS of Alibaba Cloud', () => {
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  const trialWith = (address: string) => new Trial({ ...subject, address });

  it.each([
    { address: '+8613800138000', reached: '13800138000' },
    { address: '+85291234567', reached: '85291234567' },
  ])('dials $address as $reached', async ({ address, reached }) => {
    await trialWith(address).send();
    expect(fake.messages.map(({ recipient }) => recipient)).toEqual([reached]);
  });

  it.each([
    { name: 'slow', offMs: -15 * 60_000 - 1000 },
    { name: 'fast', offMs: 15 * 60_000 + 1000 },
  ])('names the clock when it is too $name', async ({ offMs }) => {
    const ownClock = new TestClock(CONTRACT_START + offMs);
    const outcome = await new Trial({ ...subject, clock: ownClock }).send();
    expect(outcome).toMatchObject({
      because: 'configuration',
      message: expect.stringContaining('clock'),
    });
  });

  it.each([
    { code: 'isv.DAY_LIMIT_CONTROL', until: '2026-11-23T00:00:00+08:00' },
    { code: 'isv.MONTH_LIMIT_CONTROL', until: '2026-12-01T00:00:00+08:00' },
  ])('waits for the end of what $code counts', async ({ code, until }) => {
    fake.failNext(refusal(code));
    expect(await new Trial(subject).send()).toMatchObject({
      because: 'rateLimit',
      retryAfterMs: Date.parse(until) - CONTRACT_START,
    });
  });

  it('does not cut a link, which would lead nowhere', () => {
    const trial = new Trial(subject, {
      templates: { 'order.ready': { id: 'T', fields: { where: 'link' } } },
    });
    const link = `https://welt.example/o/${'x'.repeat(30)}`;
    expect(trial.compose(trial.message({ link }))).toMatchObject({
      ok: false,
      error: { because: 'content', code: 'LINK_TOO_LONG', field: 'where' },
    });
  });

  it('finds its message on a later page, and on the day after', async () => {
    const trial = new Trial(subject);
    const lastMoment = Date.parse('2026-11-22T23:59:59.500+08:00');
    clock.set(lastMoment);
    const message = trial.message();
    clock.advance(1000);
    await trial.send(message);
    fake.sendToo('13800138000', 60);
    const lookUp = (deliveryId: string) => {
      const sent = { ...message, deliveryId, shown: { title: null, text: '' } };
      return subject.channel.lookUp!(trial.settings, sent, trial.context());
    };
    expect(await lookUp(message.deliveryId)).toMatchObject({ found: true, status: 'sent' });
    expect(await lookUp('other-60')).toEqual({ found: false });
  });
});
