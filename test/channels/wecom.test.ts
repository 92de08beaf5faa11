import { describe, expect, it } from 'vitest';

import type { CallbackRequest } from '../../src/channels/channel.ts';
import { fetchKfMessages } from '../../src/channels/wecom/kf-messages.ts';
import type { WecomSettings } from '../../src/channels/wecom/settings.ts';
import { wecomChannel } from '../../src/channels/wecom/wecom.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract } from './contract-kit.ts';
import type { CallbackCases, ContractSubject, OutcomeCase } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { provenQuery, sealed } from './fakes/wechat-envelope.ts';
import {
  AGENT_ID,
  CORPS,
  CUSTOMER,
  FakeCustomerService,
  FakeWecom,
  MEMBER,
  OPEN_KF_ID,
} from './fakes/wecom.ts';

const clock = new TestClock(CONTRACT_START);
const [CORP_ID, OTHER_CORP_ID] = Object.keys(CORPS) as [string, string];
const TOKEN = 'callback-token-0001';
const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const CALLBACK_URL = 'https://welt.example/callbacks/wecom/1';
const START_SEC = CONTRACT_START / 1000;

const PERMANENT = {
  configuration: [40013, 40056, 40058, 48001, 48002, 60020, 301_002, 95_000, 95_004],
  recipient: [40003, 40096, 81013],
  window: [45015, 45047, 95_001, 95_002],
} as const;
const TEMPORARY = { provider: [-1], token: [40001, 40014, 42001], rateLimit: [45033] } as const;

const casesOf = (
  outcome: 'permanent' | 'temporary',
  codes: Readonly<Record<string, readonly number[]>>,
): readonly OutcomeCase[] =>
  Object.entries(codes).flatMap(([because, list]) =>
    list.map((errcode) => ({
      name: `code ${errcode}`,
      answer: { body: { errcode, errmsg: 'no, hint: [1795309323]' } },
      outcome: { outcome, because, code: String(errcode) },
    })),
  );

function notice(
  text: string,
  { token = TOKEN, id = CORP_ID, atSec = START_SEC } = {},
): CallbackRequest {
  const encrypted = sealed(KEY, text, id);
  const query = provenQuery('msg_signature', token, atSec, [encrypted]);
  const body = `<xml><ToUserName><![CDATA[${CORP_ID}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  return {
    ...{ method: 'POST', url: `${CALLBACK_URL}?${query.toString()}`, headers: {} },
    body: Buffer.from(body),
  };
}

const fromMember = (type: string, rest: string) =>
  `<xml><FromUserName><![CDATA[${MEMBER}]]></FromUserName><CreateTime>${START_SEC}</CreateTime>` +
  `<MsgType><![CDATA[${type}]]></MsgType>${rest}<AgentID>${AGENT_ID}</AgentID></xml>`;

const kfNotice = (token: string) =>
  `<xml><ToUserName><![CDATA[${CORP_ID}]]></ToUserName><CreateTime>${START_SEC}</CreateTime>` +
  `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>` +
  `<Token><![CDATA[${token}]]></Token><OpenKfId><![CDATA[${OPEN_KF_ID}]]></OpenKfId></xml>`;

const question = (): CallbackRequest => {
  const echo = sealed(KEY, '1616140317555161061', CORP_ID);
  const query = provenQuery('msg_signature', TOKEN, START_SEC, [echo]);
  query.set('echostr', echo);
  const url = `${CALLBACK_URL}?${query.toString()}`;
  return { method: 'GET', url, headers: {}, body: Buffer.alloc(0) };
};

const callbacks: CallbackCases = {
  genuine: [
    {
      name: 'a text of a member',
      request: () =>
        notice(
          fromMember(
            'text',
            '<Content><![CDATA[收到 👌]]></Content><MsgId>7104593567890123456</MsgId>',
          ),
        ),
      events: [
        {
          ...{ is: 'inbound', at: CONTRACT_START, addressKey: `${MEMBER}@${CORP_ID}` },
          ...{ kind: 'text', text: '收到 👌' },
        },
      ],
      reply: { status: 200, body: '' },
      isBodySigned: true,
    },
    {
      name: 'that something is to be fetched',
      request: () => notice(kfNotice('ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR')),
      events: [],
      isBodySigned: true,
    },
  ],
  forged: [
    { name: 'another token', request: () => notice(kfNotice('t'), { token: 'other' }) },
    { name: 'for another corp', request: () => notice(kfNotice('t'), { id: OTHER_CORP_ID }) },
    { name: 'long ago', request: () => notice(kfNotice('t'), { atSec: START_SEC - 16 * 60 }) },
  ],
  handshake: { request: question, reply: { status: 200, body: '1616140317555161061' } },
};

const settings = (url: string) => ({
  ...{ corpId: CORP_ID, secret: CORPS[CORP_ID], callbackToken: TOKEN, encodingAesKey: KEY },
  baseUrl: url,
});
const shared = {
  channel: wecomChannel,
  clock,
  wrongCredentials: {
    settings: { secret: 'a wrong secret of a corp' },
    outcome: { outcome: 'permanent', because: 'configuration', code: '40001' },
  },
  otherAccount: { corpId: OTHER_CORP_ID, secret: CORPS[OTHER_CORP_ID] },
  cases: [...casesOf('permanent', PERMANENT), ...casesOf('temporary', TEMPORARY)],
  unknownCode: { answer: { body: { errcode: 99_999, errmsg: 'what is this' } } },
  callbacks,
} as const;

const app: ContractSubject = {
  ...shared,
  fake: new FakeWecom(clock, 'app'),
  settings: (url) => ({ ...settings(url), mode: 'app', agentId: AGENT_ID }),
  address: { userId: MEMBER, corpId: CORP_ID },
  otherAddress: { userId: MEMBER, corpId: OTHER_CORP_ID },
  recipient: MEMBER,
  cases: [
    ...shared.cases,
    {
      name: 'a member who is not there',
      answer: { body: { errcode: 0, errmsg: 'ok', invaliduser: 'zhang.san', msgid: 'm1' } },
      outcome: { outcome: 'permanent', because: 'recipient', code: 'INVALID_USER' },
    },
    {
      name: 'a member without a licence',
      answer: { body: { errcode: 0, errmsg: 'ok', unlicenseduser: 'zhang.san', msgid: 'm1' } },
      outcome: { outcome: 'permanent', because: 'recipient', code: 'UNLICENSED_USER' },
    },
  ],
};

const customerService = new FakeCustomerService(clock);
const kf: ContractSubject = {
  ...shared,
  fake: customerService,
  settings: (url) => ({ ...settings(url), mode: 'kf', openKfId: OPEN_KF_ID }),
  address: { userId: CUSTOMER, corpId: CORP_ID },
  otherAddress: { userId: CUSTOMER, corpId: OTHER_CORP_ID },
  recipient: CUSTOMER,
  echoOf: (deliveryId) => deliveryId.replaceAll('-', ''),
};

runChannelContract(app);
runChannelContract(kf);

describe('a message of wecom', () => {
  it('is not delivered twice to a member if it is the same to the byte', async () => {
    await app.fake.start();
    const trial = new Trial(app);
    const message = trial.message();
    app.fake.failNext('resetAfterBody');
    expect(await trial.send(message)).toMatchObject({ outcome: 'ambiguous' });
    expect(await trial.send(message)).toMatchObject({ outcome: 'accepted', isDelivered: true });
    expect(app.fake.messages).toHaveLength(1);
    expect(await trial.send(trial.message({ text: 'another' }))).toMatchObject({
      outcome: 'accepted',
    });
    expect(app.fake.messages).toHaveLength(2);
    await app.fake.stop();
  });

  it('goes to a customer five times after they wrote, within two days', async () => {
    await customerService.start();
    const trial = new Trial(kf);
    clock.set(CONTRACT_START);
    customerService.openWindow();
    for (let count = 0; count < 5; count++) {
      expect(await trial.send()).toMatchObject({ outcome: 'accepted' });
    }
    expect(await trial.send()).toMatchObject({ because: 'window', code: '45047' });
    customerService.openWindow();
    clock.advance(48 * 3_600_000);
    expect(await trial.sendWithNewToken()).toMatchObject({ because: 'window', code: '45015' });
    await customerService.stop();
    clock.set(CONTRACT_START);
  });

  it.each(['@all', 'a|b', '', 'a b'])('goes to one person, not to "%s"', (userId) => {
    expect(wecomChannel.address.safeParse({ userId, corpId: CORP_ID }).success).toBe(false);
  });

  it('an address is made of its key', () => {
    const address = { userId: 'a@b.example', corpId: CORP_ID };
    expect(wecomChannel.addressOf!(wecomChannel.addressKey(address))).toEqual(address);
  });

  it.each([
    { mode: 'app', missing: 'agentId' },
    { mode: 'kf', missing: 'openKfId' },
  ])('needs $missing in mode $mode', ({ mode, missing }) => {
    const parsed = wecomChannel.settings.safeParse({ ...settings('https://x.example'), mode });
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([missing]);
  });
});

describe('customer service of wecom', () => {
  const deliveryId = '0190b6b2-7f3a-4c1d-8e2f-000000000001';
  const base = { open_kfid: OPEN_KF_ID, external_userid: CUSTOMER, send_time: START_SEC };
  const wrote = { ...base, msgid: 'k1', origin: 3, msgtype: 'text', text: { content: '好的' } };
  const strange = { what: 'is this' };
  const system = { ...base, msgid: 'k2', origin: 4, msgtype: 'event', event: { event_type: 'x' } };
  const refused = {
    ...{ msgid: 'k3', send_time: START_SEC, origin: 4, msgtype: 'event' },
    event: {
      ...{ event_type: 'msg_send_fail', fail_msgid: deliveryId.replaceAll('-', '') },
      fail_type: 10,
    },
  };
  const voice = { ...base, msgid: 'k4', origin: 3, msgtype: 'voice', voice: { media_id: 'm' } };
  const addressKey = `${CUSTOMER}@${CORP_ID}`;
  const opens = (msgid: string) => ({
    ...{ is: 'grant', dedupeKey: `kf:${msgid}:window`, at: CONTRACT_START, addressKey },
    ...{ grant: { is: 'window' }, change: 'open', lastsSec: 172_800, messages: 5 },
  });

  const fetching = async (cursor: string | null, request: CallbackRequest | null) => {
    const trial = new Trial(kf);
    return fetchKfMessages(trial.settings as WecomSettings, cursor, request, trial.context());
  };

  it('tells what was written and what failed, page by page, once', async () => {
    await customerService.start();
    customerService.hold('call-token', wrote, strange, system, refused, voice);
    const first = await fetching(null, notice(kfNotice('call-token')));
    expect(first).toMatchObject({
      ok: true,
      body: {
        cursor: 'at-5',
        events: [
          { is: 'inbound', dedupeKey: 'kf:k1', addressKey, kind: 'text', text: '好的' },
          opens('k1'),
          { is: 'receipt', deliveryId, status: 'failed', code: '10', because: 'consent' },
          { is: 'inbound', dedupeKey: 'kf:k4', addressKey, kind: 'voice', text: null },
          opens('k4'),
        ],
      },
    });
    expect(await fetching('at-5', null)).toEqual({
      ok: true,
      body: { cursor: 'at-5', events: [] },
    });
    await customerService.stop();
  });

  it('takes no token from a forged notice', async () => {
    await customerService.start();
    customerService.hold('call-token', wrote);
    const forged = notice(kfNotice('a token that would be refused'), { token: 'other' });
    expect(await fetching(null, forged)).toMatchObject({ ok: true });
    await customerService.stop();
  });
});
