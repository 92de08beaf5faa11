import type { CallbackRequest } from '../../../src/channels/channel.ts';
import { TWILIO_CODES } from '../../../src/channels/twilio/codes.ts';
import { twilioChannel } from '../../../src/channels/twilio/twilio.channel.ts';
import { TestClock } from '../../support/test-clock.ts';
import { CONTRACT_START } from '../contract-kit.ts';
import type { CallbackCase, ContractSubject } from '../contract/subject.ts';
import type { FakeAnswer } from '../fakes/contract-fake.ts';
import {
  ACCOUNT_SID,
  API_KEY_SECRET,
  API_KEY_SID,
  AUTH_TOKEN,
  CONTENT_SID,
  FakeTwilio,
  FakeTwilioWhatsapp,
  FROM,
  signatureOfTwilio,
} from '../fakes/twilio.ts';

export const PHONE = '+8613800138000';
const CALLBACK = 'https://welt.example/callbacks/twilio/1';
const DELIVERY = '0190b6b2-7f3a-4c1d-8e2f-000000000001';
const SID = 'SM00000000000001029457500870543736';
export const clock = new TestClock(CONTRACT_START);
export const smsFake = new FakeTwilio(clock);
export const whatsappFake = new FakeTwilioWhatsapp(clock);

const refusal = (code: number, status = 400): FakeAnswer => ({
  status,
  body: { code, message: 'said in words', more_info: '', status },
});

/** A form as it is posted, signed over `signed` if that is another address than the one called. */
function posted(
  form: Readonly<Record<string, string>>,
  { query = '', signed = `${CALLBACK}${query}` }: { query?: string; signed?: string } = {},
): CallbackRequest {
  const whole = { AccountSid: ACCOUNT_SID, ApiVersion: '2010-04-01', ...form };
  return {
    method: 'POST',
    url: `http://10.0.0.7:3000/callbacks/twilio/1${query}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signatureOfTwilio(signed, whole),
    },
    body: Buffer.from(new URLSearchParams(whole).toString()),
  };
}

const receipt = (status: string, code?: string): CallbackRequest =>
  posted(
    {
      MessageSid: SID,
      MessageStatus: status,
      SmsSid: SID,
      SmsStatus: status,
      To: PHONE,
      From: FROM,
      ...(code === undefined ? {} : { ErrorCode: code }),
    },
    { query: `?d=${DELIVERY}` },
  );

const RECEIPT = {
  is: 'receipt',
  at: CONTRACT_START,
  deliveryId: DELIVERY,
  providerRef: SID,
} as const;

const STATUSES = {
  queued: 'accepted',
  accepted: 'accepted',
  scheduled: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'read',
  canceled: 'failed',
} as const;

const receipts: readonly CallbackCase[] = [
  ...Object.entries(STATUSES).map(([said, status]) => ({
    name: `a receipt: ${said}`,
    request: () => receipt(said),
    events: [{ ...RECEIPT, status, code: null, dedupeKey: `${SID}:${said}` }],
    reply: { contentType: 'text/xml', body: '<Response/>' },
    isBodySigned: true,
  })),
  {
    name: 'a receipt: a landline',
    request: () => receipt('undelivered', '30006'),
    events: [{ ...RECEIPT, status: 'undelivered', code: '30006', because: 'recipient' }],
    isBodySigned: true,
  },
  {
    name: 'a receipt: a phone that is off',
    request: () => receipt('undelivered', '30003'),
    events: [{ ...RECEIPT, status: 'undelivered', code: '30003' }],
    isBodySigned: true,
  },
];

const written = (form: Readonly<Record<string, string>>) =>
  posted({ MessageSid: SID, From: PHONE, To: FROM, NumMedia: '0', Body: '', ...form });
const said = (kind: string, text: string | null) =>
  ({
    is: 'inbound',
    dedupeKey: SID,
    at: CONTRACT_START,
    addressKey: PHONE,
    kind: kind as 'text',
    text,
  }) as const;
const wish = (change: 'given' | 'withdrawn') =>
  ({ is: 'consent', at: CONTRACT_START, addressKey: PHONE, change }) as const;
const OPEN = {
  is: 'grant',
  at: CONTRACT_START,
  addressKey: PHONE,
  grant: { is: 'window' },
  change: 'open',
  lastsSec: 86_400,
  messages: null,
} as const;

const codes = Object.entries(TWILIO_CODES).map(([code, because]) => {
  const outcome = ['rateLimit', 'provider'].includes(because) ? 'temporary' : 'permanent';
  return {
    name: code,
    answer: refusal(Number(code), code === '20429' ? 429 : 400),
    outcome: { outcome, because, code },
  } as const;
});

/** The contract of SMS by Twilio. */
export const smsSubject: ContractSubject = {
  channel: twilioChannel,
  fake: smsFake,
  clock,
  settings: (url) => ({
    kind: 'sms',
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiKeySid: API_KEY_SID,
    apiKeySecret: API_KEY_SECRET,
    from: FROM,
    publicCallbackUrl: CALLBACK,
    baseUrl: url,
  }),
  address: PHONE,
  recipient: PHONE,
  wrongCredentials: {
    settings: { apiKeySecret: 'another+secret/of=the!key' },
    outcome: { outcome: 'permanent', because: 'configuration', code: '20003' },
  },
  cases: [
    ...codes,
    {
      name: 'too many, until a time',
      answer: { ...refusal(20429, 429), headers: { 'retry-after': '7' } },
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 7000 },
    },
  ],
  unknownCode: { answer: refusal(29_999) },
  callbacks: {
    genuine: [
      ...receipts,
      {
        name: 'words',
        request: () => written({ Body: '几点关门?' }),
        events: [said('text', '几点关门?')],
        isBodySigned: true,
      },
      {
        name: 'a stop',
        request: () => written({ Body: ' stop ' }),
        events: [said('text', ' stop '), wish('withdrawn')],
        isBodySigned: true,
      },
      {
        name: 'a stop by a word of the account',
        request: () => written({ Body: '退订', OptOutType: 'STOP' }),
        events: [said('text', '退订'), wish('withdrawn')],
        isBodySigned: true,
      },
      {
        name: 'a start',
        request: () => written({ Body: 'START' }),
        events: [said('text', 'START'), wish('given')],
        isBodySigned: true,
      },
      {
        name: 'a picture',
        request: () => written({ NumMedia: '1', MediaContentType0: 'image/jpeg' }),
        events: [said('image', null)],
        isBodySigned: true,
      },
    ],
    forged: [
      {
        name: 'the delivery of another receipt',
        request: () => ({ ...receipt('delivered'), url: `${CALLBACK}?d=another` }),
      },
      {
        name: 'signed for another address',
        request: () => posted({ Body: 'x' }, { signed: 'https://other.example/callbacks' }),
      },
      {
        name: 'of another account with the same token',
        request: () => posted({ AccountSid: 'AC2', Body: 'x' }),
      },
    ],
  },
};

/** The contract of WhatsApp by Twilio. */
export const whatsappSubject: ContractSubject = {
  ...smsSubject,
  fake: whatsappFake,
  settings: (url) => ({
    ...smsSubject.settings(url),
    kind: 'whatsapp',
    templates: {
      'order.ready': { id: CONTENT_SID, fields: { 1: 'items', 2: 'store', 3: 'pickUpTime' } },
    },
  }),
  recipient: `whatsapp:${PHONE}`,
  callbacks: {
    genuine: [
      {
        name: 'words open the window',
        request: () => written({ From: `whatsapp:${PHONE}`, Body: '几点关门?' }),
        events: [said('text', '几点关门?'), OPEN],
        isBodySigned: true,
      },
      {
        name: 'a voice',
        request: () => written({ From: `whatsapp:${PHONE}`, MediaContentType0: 'audio/ogg' }),
        events: [said('voice', null), OPEN],
        isBodySigned: true,
      },
      {
        name: 'a place',
        request: () => written({ From: `whatsapp:${PHONE}`, Latitude: '31.2', Longitude: '121.4' }),
        events: [said('location', null), OPEN],
        isBodySigned: true,
      },
    ],
    forged: [],
  },
};
