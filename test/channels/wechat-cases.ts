import type { CallbackRequest } from '../../src/channels/channel.ts';
import { CONTRACT_START } from './contract-kit.ts';
import type { CallbackCase, CallbackCases, OutcomeCase } from './contract/subject.ts';
import { provenQuery, sealed } from './fakes/wechat-envelope.ts';
import { APPS, OPEN_ID } from './fakes/wechat.ts';

export const [APP_ID, OTHER_APP_ID] = Object.keys(APPS) as [string, string];
export const CALLBACK_TOKEN = 'callback-token-0001';
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

export const wechatSettings = (url: string, binding: object) => ({
  appId: APP_ID,
  secret: APPS[APP_ID],
  callbackToken: CALLBACK_TOKEN,
  encodingAesKey: AES_KEY,
  callbackMode: 'safe',
  templates: {
    'order.ready': {
      fields: { thing1: 'customer', thing2: 'items', character_string3: 'ticketCode' },
      ...binding,
    },
  },
  baseUrl: url,
});

export const WRONG_CREDENTIALS = {
  settings: { secret: 'a wrong secret of an app' },
  outcome: { outcome: 'permanent', because: 'configuration', code: '40125' },
} as const;
export const OTHER_ACCOUNT = { appId: OTHER_APP_ID, secret: APPS[OTHER_APP_ID] };
export const OTHER_ADDRESS = { openId: OPEN_ID, appId: OTHER_APP_ID };

const PERMANENT = {
  configuration: [40013, 40125, 40164, 48001, 48004, 43106, 43116],
  recipient: [40003],
  consent: [43004, 43019, 43101, 48002, 50005],
  window: [45015, 45047],
  content: [40036, 40037, 40249, 41030, 45168, 47001, 47003],
} as const;
const TEMPORARY = { provider: [-1], token: [40001, 40014, 42001], rateLimit: [45011] } as const;
/** From 09:02:03 in China to its midnight. */
const REST_OF_DAY_MS = ((14 * 60 + 57) * 60 + 57) * 1000;

const casesOf = (
  outcome: 'permanent' | 'temporary',
  codes: Readonly<Record<string, readonly number[]>>,
) =>
  Object.entries(codes).flatMap(([because, list]) =>
    list.map((errcode) => ({
      name: `code ${errcode}`,
      answer: { body: { errcode, errmsg: 'no rid: 66f3bd4d' } },
      outcome: { outcome, because, code: String(errcode) },
    })),
  );

export const WECHAT_CASES: readonly OutcomeCase[] = [
  ...casesOf('permanent', PERMANENT),
  ...casesOf('temporary', TEMPORARY),
  {
    name: 'the quota of the day is used up',
    answer: { body: { errcode: 45009, errmsg: 'reach max api daily quota limit' } },
    outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: REST_OF_DAY_MS },
  },
  {
    name: 'a bad value is named',
    answer: { body: { errcode: 47003, errmsg: 'argument invalid! data.thing2.value is too long' } },
    outcome: { outcome: 'permanent', because: 'content', field: 'thing2' },
  },
];

export const START_SEC = CONTRACT_START / 1000;
const URL_OF_CALLBACK = 'https://welt.example/callbacks/wechat/1';

/** A notice as WeChat posts it in safe mode. */
export function safely(
  text: string,
  { token = CALLBACK_TOKEN, key = AES_KEY, id = APP_ID, atSec = START_SEC } = {},
): CallbackRequest {
  const encrypted = sealed(key, text, id);
  const query = provenQuery('msg_signature', token, atSec, [encrypted]);
  const isJson = text.startsWith('{');
  const body = isJson
    ? JSON.stringify({ ToUserName: 'gh_1', Encrypt: encrypted })
    : `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  return {
    method: 'POST',
    url: `${URL_OF_CALLBACK}?${query.toString()}`,
    headers: {},
    body: Buffer.from(body),
  };
}

/** A notice as WeChat posts it in plain mode. */
export function plainly(text: string, atSec = START_SEC): CallbackRequest {
  const query = provenQuery('signature', CALLBACK_TOKEN, atSec);
  return {
    method: 'POST',
    url: `${URL_OF_CALLBACK}?${query.toString()}`,
    headers: {},
    body: Buffer.from(text),
  };
}

/** @param rest of the notice, as XML */
export const xml = (type: string, rest: string): string =>
  `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[${OPEN_ID}]]></FromUserName>` +
  `<CreateTime>${START_SEC}</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${rest}</xml>`;

export const event = (name: string, rest = ''): string =>
  xml('event', `<Event><![CDATA[${name}]]></Event>${rest}`);

const item = (template: string, status: string) =>
  `<List><TemplateId><![CDATA[${template}]]></TemplateId>` +
  `<SubscribeStatusString><![CDATA[${status}]]></SubscribeStatusString><PopupScene>2</PopupScene></List>`;

const addressKey = `${OPEN_ID}@${APP_ID}`;
const at = CONTRACT_START;
const open = (templateId: string) => ({
  ...{ is: 'grant', at, addressKey, change: 'open', lastsSec: null, messages: 1 },
  grant: { is: 'oneTime', templateId },
});
const inbound = (kind: string, text: string | null) => ({
  is: 'inbound',
  at,
  addressKey,
  kind,
  text,
});
const receipt = (rest: object) => ({ is: 'receipt', at, deliveryId: null, ...rest });

const finished = (status: string) =>
  event(
    'TEMPLATESENDJOBFINISH',
    `<MsgID>1029457500870543736</MsgID><Status><![CDATA[${status}]]></Status>`,
  );
const REF = '1029457500870543736';

const NOTICES: readonly { name: string; text: string; events: readonly object[] }[] = [
  {
    name: 'a template that arrived',
    text: finished('success'),
    events: [receipt({ providerRef: REF, status: 'delivered', code: null })],
  },
  {
    name: 'a template that was blocked',
    text: finished('failed:user block'),
    events: [receipt({ providerRef: REF, status: 'failed', because: 'consent' })],
  },
  {
    name: 'a template that failed',
    text: finished('failed: system failed'),
    events: [receipt({ providerRef: REF, status: 'failed', code: 'failed: system failed' })],
  },
  {
    name: 'two answers to a request to subscribe',
    text: event(
      'subscribe_msg_popup_event',
      `<SubscribeMsgPopupEvent>${item('T1', 'accept')}${item('T2', 'reject')}${item('T3', 'accept')}</SubscribeMsgPopupEvent>`,
    ),
    events: [open('T1'), open('T3')],
  },
  {
    name: 'one answer to a request to subscribe',
    text: event(
      'subscribe_msg_popup_event',
      `<SubscribeMsgPopupEvent>${item('T1', 'accept')}</SubscribeMsgPopupEvent>`,
    ),
    events: [open('T1')],
  },
  {
    name: 'an answer in JSON, one element without its list',
    text: JSON.stringify({
      ...{ ToUserName: 'gh_1', FromUserName: OPEN_ID, CreateTime: START_SEC, MsgType: 'event' },
      Event: 'subscribe_msg_popup_event',
      List: { TemplateId: 'T1', SubscribeStatusString: 'accept', PopupScene: '0' },
    }),
    events: [open('T1')],
  },
  {
    name: 'a grant that was taken back',
    text: event(
      'subscribe_msg_change_event',
      `<SubscribeMsgChangeEvent>${item('T1', 'reject')}</SubscribeMsgChangeEvent>`,
    ),
    events: [
      {
        ...{ is: 'grant', addressKey, change: 'close', messages: null },
        grant: { is: 'oneTime', templateId: 'T1' },
      },
    ],
  },
  {
    name: 'a subscription message that arrived, its id a long number in JSON',
    text:
      `{"FromUserName":"${OPEN_ID}","CreateTime":${START_SEC},"MsgType":"event","Event":"subscribe_msg_sent_event",` +
      `"List":[{"TemplateId":"T1","MsgID":${REF},"ErrorCode":0,"ErrorStatus":"success \\" 1234567890123456789"}]}`,
    events: [receipt({ providerRef: REF, status: 'delivered', code: null })],
  },
  {
    name: 'a subscription message that was refused',
    text: event(
      'subscribe_msg_sent_event',
      `<SubscribeMsgSentEvent><List><TemplateId>T1</TemplateId><MsgID>${REF}</MsgID><ErrorCode>43101</ErrorCode></List></SubscribeMsgSentEvent>`,
    ),
    events: [receipt({ providerRef: REF, status: 'failed', code: '43101', because: 'consent' })],
  },
  {
    name: 'following',
    text: event('subscribe'),
    events: [{ is: 'consent', at, addressKey, change: 'given' }],
  },
  {
    name: 'unfollowing',
    text: event('unsubscribe'),
    events: [{ is: 'consent', at, addressKey, change: 'withdrawn' }],
  },
  {
    name: 'a text',
    text: xml(
      'text',
      '<Content><![CDATA[几点 <b>关门</b> &amp; 😀?]]></Content><MsgId>23456789012345678</MsgId>',
    ),
    events: [inbound('text', '几点 <b>关门</b> &amp; 😀?')],
  },
  {
    name: 'a picture',
    text: xml('image', '<PicUrl><![CDATA[https://x/1]]></PicUrl><MsgId>23456789012345678</MsgId>'),
    events: [inbound('image', null)],
  },
  {
    name: 'a voice with its words',
    text: xml(
      'voice',
      '<Recognition><![CDATA[好的]]></Recognition><MsgId>23456789012345678</MsgId>',
    ),
    events: [inbound('voice', '好的')],
  },
  {
    name: 'an entry of the menu',
    text: event('CLICK', '<EventKey><![CDATA[ORDERS]]></EventKey>'),
    events: [inbound('event', 'ORDERS')],
  },
];

const casesIn = (
  mode: string,
  request: (text: string) => CallbackRequest,
  isBodySigned: boolean,
): readonly CallbackCase[] =>
  NOTICES.map(({ name, text, events }) => ({
    name: `${mode}: ${name}`,
    request: () => request(text),
    events,
    reply: { status: 200, body: 'success' },
    isBodySigned,
  }));

const handshake = {
  request: (): CallbackRequest => {
    const query = provenQuery('signature', CALLBACK_TOKEN, START_SEC);
    query.set('echostr', '5486431233543434210');
    const url = `${URL_OF_CALLBACK}?${query.toString()}`;
    return { method: 'GET', url, headers: {}, body: Buffer.alloc(0) };
  },
  reply: { status: 200, body: '5486431233543434210' },
};

export const SAFE_CALLBACKS: CallbackCases = {
  genuine: casesIn('safe', safely, true),
  forged: [
    { name: 'another token', request: () => safely(event('subscribe'), { token: 'other' }) },
    {
      name: 'another key',
      request: () => safely(event('subscribe'), { key: AES_KEY.toUpperCase() }),
    },
    { name: 'for another app', request: () => safely(event('subscribe'), { id: OTHER_APP_ID }) },
    {
      name: 'long ago',
      request: () => safely(event('subscribe'), { atSec: START_SEC - 16 * 60 }),
    },
    { name: 'plain instead of safe', request: () => plainly(event('subscribe')) },
  ],
  handshake,
};

export const PLAIN_CALLBACKS: CallbackCases = {
  genuine: casesIn('plain', plainly, false),
  forged: [
    { name: 'long ago', request: () => plainly(event('subscribe'), START_SEC - 16 * 60) },
    { name: 'from the future', request: () => plainly(event('subscribe'), START_SEC + 16 * 60) },
  ],
  handshake,
};
