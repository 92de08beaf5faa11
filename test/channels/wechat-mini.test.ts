import { wechatMiniChannel } from '../../src/channels/wechat-mini/wechat-mini.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract } from './contract-kit.ts';
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

runChannelContract({
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
});
