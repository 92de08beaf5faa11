import { describe, expect, it } from 'vitest';

import type { OutgoingMessage } from '../../src/channels/channel.ts';
import type { WechatAddress } from '../../src/channels/wechat/address.ts';
import { wechatOaChannel } from '../../src/channels/wechat-oa/wechat-oa.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { FakeSubscriptions, FakeWechat, OPEN_ID } from './fakes/wechat.ts';
import {
  APP_ID,
  OTHER_ACCOUNT,
  OTHER_ADDRESS,
  PLAIN_CALLBACKS,
  SAFE_CALLBACKS,
  WECHAT_CASES,
  WRONG_CREDENTIALS,
  wechatSettings,
} from './wechat-cases.ts';

const clock = new TestClock(CONTRACT_START);
const shared = {
  channel: wechatOaChannel,
  clock,
  address: { openId: OPEN_ID, appId: APP_ID },
  recipient: OPEN_ID,
  wrongCredentials: WRONG_CREDENTIALS,
  otherAccount: OTHER_ACCOUNT,
  otherAddress: OTHER_ADDRESS,
  cases: WECHAT_CASES,
  unknownCode: { answer: { body: { errcode: 99_999, errmsg: 'what is this' } } },
};

const templates: ContractSubject = {
  ...shared,
  fake: new FakeWechat(clock, 'template'),
  settings: (url) => wechatSettings(url, { id: 'T-ready' }),
  callbacks: SAFE_CALLBACKS,
};

const subscriptions: ContractSubject = {
  ...shared,
  fake: new FakeSubscriptions(clock, 'subscription'),
  settings: (url) => ({
    ...wechatSettings(url, { id: 'S-ready', by: 'subscription' }),
    callbackMode: 'plain',
  }),
  callbacks: PLAIN_CALLBACKS,
};

runChannelContract(templates);
runChannelContract(subscriptions);

describe('a message of wechat-oa', () => {
  const composed = (binding: object, changed: Partial<OutgoingMessage<WechatAddress>> = {}) => {
    const raw = wechatSettings('http://127.0.0.1:1', { id: 'T-ready', ...binding });
    const settings = wechatOaChannel.settings.parse(raw);
    const message = new Trial(templates).message() as OutgoingMessage<WechatAddress>;
    const result = wechatOaChannel.compose(settings, { ...message, ...changed });
    if (!result.ok) return result.error;
    return { path: result.payload.path, body: JSON.parse(result.payload.body) as object };
  };
  const data = {
    thing1: { value: '王小明' },
    thing2: { value: 'AJ1 深度清洁' },
    character_string3: { value: 'W7K2Q9' },
  };

  it('is a template message that leads to the order', () => {
    expect(composed({})).toEqual({
      path: '/cgi-bin/message/template/send',
      body: {
        touser: OPEN_ID,
        template_id: 'T-ready',
        url: 'https://welt.example/o/W7K2Q9',
        client_msg_id: '0190b6b2-7f3a-4c1d-8e2f-000000000001',
        data,
      },
    });
  });

  it('leads to a mini program that is bound', () => {
    const miniProgram = {
      appId: 'wx3',
      page: 'pages/order?code={ticketCode}&of={customer}&x={no}',
    };
    expect(composed({ miniProgram })).toMatchObject({
      body: {
        miniprogram: {
          appid: 'wx3',
          pagepath: 'pages/order?code=W7K2Q9&of=%E7%8E%8B%E5%B0%8F%E6%98%8E&x=',
        },
      },
    });
  });

  it('is a subscription message if the binding says so', () => {
    expect(composed({ by: 'subscription' })).toEqual({
      path: '/cgi-bin/message/subscribe/bizsend',
      body: {
        touser: OPEN_ID,
        template_id: 'T-ready',
        page: 'https://welt.example/o/W7K2Q9',
        data,
        miniprogram_state: 'formal',
        lang: 'zh_CN',
      },
    });
  });

  it('is refused for a person of another app', () => {
    expect(composed({}, { address: { openId: OPEN_ID, appId: 'wx9' } })).toMatchObject({
      because: 'recipient',
      code: 'OTHER_APP',
    });
  });

  it('names the field whose value does not fit', () => {
    expect(composed({ fields: { thing1: 'customer', time2: 'customer' } })).toMatchObject({
      because: 'content',
      field: 'time2',
    });
  });

  it('has the form of its time by the settings', () => {
    const fields = { time2: 'pickUpTime' };
    expect(composed({ fields })).toMatchObject({
      body: { data: { time2: { value: '2026年11月27日 15:00' } } },
    });
  });
});

it('has no second message for a repeat of a template message within ten minutes', async () => {
  await templates.fake.start();
  const trial = new Trial(templates);
  const message = trial.message();
  const [first, again] = [await trial.send(message), await trial.send(message)];
  expect(again).toEqual(first);
  expect(templates.fake.messages).toHaveLength(1);
  await templates.fake.stop();
});

it('a grant is good for one message', async () => {
  const { fake } = subscriptions;
  await fake.start();
  (fake as FakeSubscriptions).setGrants('S-ready', 1);
  const trial = new Trial(subscriptions);
  expect(trial.ways()).toEqual([
    { name: 'subscription', grant: { is: 'oneTime', templateId: 'S-ready' } },
  ]);
  expect(await trial.send()).toMatchObject({ outcome: 'accepted' });
  expect(await trial.send()).toMatchObject({ outcome: 'permanent', because: 'consent' });
  await fake.stop();
});

it('an address is made of its key', () => {
  const address = { openId: OPEN_ID, appId: APP_ID };
  expect(wechatOaChannel.addressOf!(wechatOaChannel.addressKey(address))).toEqual(address);
});
