import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type { Channel, ChannelDescriptor } from '../channel.ts';
import { chinaDate } from '../china-time.ts';
import { ANY_PHONE, dialledFromChina, PhoneAddress } from '../phone-address.ts';
import { fillTemplate, templateWays } from '../fill-template.ts';
import { bindingOf } from '../template-binding.ts';
import { callAliyun } from './aliyun-api.ts';
import { readSmsReport } from './receipts.ts';
import { askDetails, lookUpByOutId } from './sent-details.ts';
import { ALIYUN_SMS_FIELDS, AliyunSmsSettings } from './settings.ts';

type Payload = Readonly<Record<string, string>>;

const DAY_SEC = 86_400;
const DESCRIPTOR: ChannelDescriptor = {
  name: 'aliyun-sms',
  reaches: 'phone',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'lookUp', afterSec: [30, 120, 600], isAuthoritative: true },
    receipts: 'push',
    inbound: false,
    calendar: false,
    photo: false,
    approvedTemplates: true,
  },
  rates: [
    { scope: 'account', messages: 5000, perSec: 1 },
    { scope: 'recipient', messages: 50, perSec: DAY_SEC },
  ],
  timeoutMs: 10_000,
  settings: ALIYUN_SMS_FIELDS,
};

const Sent = z.object({ BizId: z.string() });

/** SMS of Alibaba Cloud (Dysmsapi): approved templates, mainland China and abroad. */
export const aliyunSmsChannel: Channel<AliyunSmsSettings, string, Payload> = {
  descriptor: DESCRIPTOR,
  settings: AliyunSmsSettings,
  address: PhoneAddress,
  addressKey: (phone) => phone,
  ways: ({ templates }, kind) => templateWays(templates, kind),

  compose: ({ templates, signName, mostVariableChars }, { address, content, deliveryId }) => {
    const binding = bindingOf(templates, content.kind);
    const filled = fillTemplate(binding, content, mostVariableChars);
    if (!filled.ok) return filled;
    const payload = {
      PhoneNumbers: dialledFromChina(address),
      SignName: signName,
      TemplateCode: filled.templateId,
      TemplateParam: JSON.stringify(filled.values),
      OutId: deliveryId,
    };
    return { ok: true, payload, shown: filled.shown };
  },

  send: async (settings, _message, payload, context) => {
    const answer = await callAliyun(settings, 'SendSms', payload, Sent, context);
    if (!answer.ok) return answer.failure;
    return { outcome: 'accepted', providerRef: answer.body.BizId };
  },

  lookUp: lookUpByOutId,
  callback: readSmsReport,

  verify: async (settings, context) => {
    const question = { phone: ANY_PHONE, date: chinaDate(context.now()), page: 1 };
    return verifiedBy(await askDetails(settings, question, context));
  },
};
