import { expect, it } from 'vitest';

import type { HttpClient } from '../../src/channels/http-client.ts';
import { wechatMiniChannel } from '../../src/channels/wechat-mini/wechat-mini.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { FakeSubscriptions, OPEN_ID } from './fakes/wechat.ts';
import {
  APP_ID,
  OTHER_ACCOUNT,
  OTHER_ADDRESS,
  SAFE_CALLBACKS,
  WECHAT_CASES,
  WRONG_CREDENTIALS,
  wechatSettings,
} from './wechat-cases.ts';

const clock = new TestClock(CONTRACT_START);

const subject: ContractSubject = {
  channel: wechatMiniChannel,
  fake: new FakeSubscriptions(clock, 'mini'),
  clock,
  settings: (url) =>
    wechatSettings(url, {
      id: 'M-ready',
      page: 'pages/order?code={ticketCode}',
      language: 'zh_CN',
    }),
  address: { openId: OPEN_ID, appId: APP_ID },
  recipient: OPEN_ID,
  wrongCredentials: WRONG_CREDENTIALS,
  otherAccount: OTHER_ACCOUNT,
  otherAddress: OTHER_ADDRESS,
  cases: WECHAT_CASES,
  unknownCode: { answer: { body: { errcode: 99_999, errmsg: 'what is this' } } },
  callbacks: SAFE_CALLBACKS,
};

runChannelContract(subject);

it('knows that nothing was sent if not even a token came', async () => {
  await subject.fake.start();
  const trial = new Trial(subject);
  const silent: HttpClient = {
    request: () => Promise.resolve({ is: 'unknown', code: 'TIMEOUT' }),
  };
  const message = trial.message();
  const composed = trial.compose(message);
  if (!composed.ok) throw new Error(composed.error.code);
  const { channel } = subject;
  const context = { ...trial.context(), http: silent };
  const outcome = await channel.send(trial.settings, message, composed.payload, context);
  expect(outcome).toMatchObject({ outcome: 'temporary', because: 'provider', code: 'TIMEOUT' });
  await subject.fake.stop();
});
