import { generateKeyPairSync } from 'node:crypto';

import { ALL_MESSAGE_KINDS, ruleOf } from '../../src/core/messages/kinds.ts';

/** An account of a channel as headquarters might set it up, and somebody whom it reaches. */
export interface SampleAccount {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly address: unknown;
}

const PHONE = '+8613800138000';
const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const SECRET = 'a-secret-that-is-long-enough-0001';

/** The same template for every kind of message. */
const boundTo = (binding: object) =>
  Object.fromEntries(ALL_MESSAGE_KINDS.map((kind) => [ruleOf(kind).name, binding]));

const NAMED = boundTo({
  id: 'T1',
  fields: {
    items: 'items',
    stage: 'stage',
    store: 'store',
    ready: 'readyBy',
    pickUp: 'pickUpTime',
  },
});
const NUMBERED = boundTo({
  id: 'T1',
  language: 'en',
  fields: { 1: 'items', 2: 'stage', 3: 'dropOffTime', 4: 'readyBy' },
});
const OF_WECHAT = boundTo({
  id: 'T1',
  fields: {
    thing1: 'items',
    name2: 'customer',
    time3: 'dropOffDateTime',
    date4: 'pickUpDateTime',
    time5: 'readyDateTime',
    character_string6: 'ticketCode',
    thing7: 'storeAddress',
    thing8: 'reason',
    number9: 'pairs',
  },
});

const WECHAT = {
  settings: {
    ...{ appId: 'wx0001', secret: SECRET, callbackToken: 'token', encodingAesKey: KEY },
    templates: OF_WECHAT,
  },
  address: { openId: 'oOpenId0001', appId: 'wx0001' },
};
const WECOM = { corpId: 'ww0001', secret: SECRET, callbackToken: 'token', encodingAesKey: KEY };
const TWILIO = {
  ...{ accountSid: `AC${'0'.repeat(32)}`, authToken: SECRET, from: '+15005550006' },
  publicCallbackUrl: 'https://welt.example/hooks/twilio/default',
};

/** Of a browser and of a sender: both are pairs on the curve P-256. */
function pushKeys() {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  });
  const [x, y] = [jwk.x!, jwk.y!].map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer];
  const open = Buffer.concat([Buffer.of(4), x, y]).toString('base64url');
  return { open, secret: jwk.d! };
}

function webPush(): SampleAccount {
  const sender = pushKeys();
  const keys = { p256dh: pushKeys().open, auth: Buffer.alloc(16, 7).toString('base64url') };
  return {
    name: 'web-push',
    settings: {
      ...{ vapidPublicKey: sender.open, vapidPrivateKey: sender.secret },
      subject: 'mailto:it@welt.example',
    },
    address: { endpoint: 'https://push.example.com/abc', keys },
  };
}

/** At least one of each channel. */
export const SAMPLE_ACCOUNTS: readonly SampleAccount[] = [
  { name: 'log', settings: { file: '/messages.log' }, address: 'mei@welt.example' },
  {
    name: 'smtp',
    settings: { host: 'mail.welt.example', fromAddress: 'orders@welt.example' },
    address: 'mei@welt.example',
  },
  {
    name: 'telegram',
    settings: {
      ...{ botToken: '123456:abcdefghijklmnop', botUsername: 'welt_bot' },
      webhookSecretToken: 'webhook-secret-0001',
    },
    address: { chatId: '4242' },
  },
  {
    name: 'line',
    settings: { channelAccessToken: SECRET, channelSecret: SECRET },
    address: { userId: `U${'0'.repeat(32)}` },
  },
  {
    name: 'webhook',
    settings: {
      url: 'https://shop.example.com/hooks',
      secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    },
    address: {},
  },
  webPush(),
  { name: 'wechat-oa', ...WECHAT },
  { name: 'wechat-mini', ...WECHAT },
  {
    name: 'wecom',
    settings: { ...WECOM, mode: 'app', agentId: 1 },
    address: { userId: 'zhang.san', corpId: 'ww0001' },
  },
  {
    name: 'wecom',
    settings: { ...WECOM, mode: 'kf', openKfId: 'kf0001' },
    address: { userId: 'wm0001', corpId: 'ww0001' },
  },
  {
    name: 'aliyun-sms',
    settings: {
      ...{ accessKeyId: 'id', accessKeySecret: SECRET, signName: '鞋管家' },
      ...{ receiptPathSecret: SECRET, templates: NAMED },
    },
    address: PHONE,
  },
  {
    name: 'tencent-sms',
    settings: {
      ...{ secretId: 'id', secretKey: SECRET, sdkAppId: '1400006666', signName: '鞋管家' },
      ...{ receiptPathSecret: SECRET, templates: NUMBERED },
    },
    address: PHONE,
  },
  { name: 'twilio', settings: { ...TWILIO, kind: 'sms' }, address: PHONE },
  {
    name: 'twilio',
    settings: { ...TWILIO, kind: 'whatsapp', templates: NUMBERED },
    address: PHONE,
  },
  {
    name: 'whatsapp-cloud',
    settings: {
      ...{ phoneNumberId: '1', accessToken: SECRET, appSecret: SECRET, verifyToken: SECRET },
      templates: NUMBERED,
    },
    address: PHONE,
  },
  { name: 'dingtalk', settings: { accessToken: SECRET }, address: {} },
  { name: 'feishu', settings: { hookToken: SECRET }, address: {} },
];
