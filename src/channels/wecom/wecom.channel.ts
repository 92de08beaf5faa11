import type { Channel, ChannelDescriptor, PermanentFailure, Way } from '../channel.ts';
import { verifiedBy } from '../api-answer.ts';
import { utf8Bytes } from '../fit-text.ts';
import { asParagraphs } from '../paragraphs.ts';
import { WecomAddress, wecomAddressKey, wecomAddressOf } from './address.ts';
import { fetchKfMessages } from './kf-messages.ts';
import { sendByWecom, wecomBody, type WecomPayload } from './send-wecom.ts';
import { WECOM_FIELDS, WecomSettings } from './settings.ts';
import { fetchWecomToken } from './wecom-api.ts';
import { kfTokenIn, readWecomCallback } from './wecom-callback.ts';

const MOST_TEXT_BYTES = 2048;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'wecom',
  reaches: 'own',
  audience: 'both',
  capabilities: {
    // Of an app the same text is not delivered again for some time; of customer service nobody knows.
    idempotency: { is: 'none' },
    receipts: 'sync',
    inbound: true,
    calendar: false,
    photo: false,
    approvedTemplates: false,
  },
  rates: [
    { scope: 'account', messages: 10_000, perSec: 60 },
    { scope: 'recipient', messages: 30, perSec: 60 },
    { scope: 'recipient', messages: 1000, perSec: 3600 },
  ],
  timeoutMs: 10_000,
  settings: WECOM_FIELDS,
};

const TO_MEMBERS: readonly Way[] = [{ name: 'app', grant: null }];
const TO_CUSTOMERS: readonly Way[] = [{ name: 'kf', grant: { is: 'window' } }];

/** Texts by WeCom: to members of the corp, or to customers who wrote to its customer service. */
export const wecomChannel: Channel<WecomSettings, WecomAddress, WecomPayload> = {
  descriptor: DESCRIPTOR,
  settings: WecomSettings,
  address: WecomAddress,
  addressKey: wecomAddressKey,
  addressOf: wecomAddressOf,
  ways: ({ mode }) => (mode === 'app' ? TO_MEMBERS : TO_CUSTOMERS),

  compose: (settings, message) => {
    if (message.address.corpId !== settings.corpId) return { ok: false, error: OF_ANOTHER_CORP };
    const text = asParagraphs(message.content, MOST_TEXT_BYTES, utf8Bytes);
    const payload = wecomBody(settings, message, text);
    return { ok: true, payload, shown: { title: null, text } };
  },

  send: (settings, _message, payload, context) => sendByWecom(settings, payload, context),
  callback: readWecomCallback,
  fetchTold: async (settings, cursor, call, context) => {
    if (kfTokenIn(settings, call, context.now()) === null) return { ok: true, events: [], cursor };
    const fetched = await fetchKfMessages(settings, cursor, call, context);
    if (fetched.ok) return { ok: true, ...fetched.body };
    const { code, message } = fetched.failure;
    return { ok: false, code, message };
  },
  verify: async (settings, context) => verifiedBy(await fetchWecomToken(settings, context)),
};

const OF_ANOTHER_CORP: PermanentFailure = {
  outcome: 'permanent',
  because: 'recipient',
  code: 'OTHER_CORP',
  message: 'the address belongs to another corp than this account',
};
