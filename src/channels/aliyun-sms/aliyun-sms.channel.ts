import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type {
  CallbackOutcome,
  CallbackRequest,
  Channel,
  ChannelDescriptor,
  Composed,
  LookUpOutcome,
  OutgoingMessage,
  SendContext,
  SendOutcome,
  SentMessage,
  Verified,
  Way,
} from '../channel.ts';
import { chinaDate } from '../china-time.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { dialledFromChina, PhoneAddress } from '../phone-address.ts';
import { fillTemplate } from '../fill-template.ts';
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
/** Asked about when the settings are tried; whether it exists does not matter. */
const ANY_PHONE = '+8613800138000';

/** SMS of Alibaba Cloud (Dysmsapi): approved templates, mainland China and abroad. */
export class AliyunSmsChannel implements Channel<AliyunSmsSettings, string, Payload> {
  readonly descriptor = DESCRIPTOR;
  readonly settings = AliyunSmsSettings;
  readonly address = PhoneAddress;

  addressKey(address: string): string {
    return address;
  }

  ways({ templates }: AliyunSmsSettings, kind: string): readonly Way[] {
    return bindingOf(templates, kind) === undefined ? [] : [{ name: 'template', grant: null }];
  }

  compose(
    { templates, signName, mostVariableChars }: AliyunSmsSettings,
    { address, content, deliveryId }: OutgoingMessage<string>,
  ): Composed<Payload> {
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
  }

  async send(
    settings: AliyunSmsSettings,
    _message: OutgoingMessage<string>,
    payload: Payload,
    context: SendContext,
  ): Promise<SendOutcome> {
    const answer = await callAliyun(settings, 'SendSms', payload, Sent, context);
    if (!answer.ok) return answer.failure;
    return { outcome: 'accepted', providerRef: answer.body.BizId };
  }

  lookUp(
    settings: AliyunSmsSettings,
    sent: SentMessage<string>,
    context: SendContext,
  ): Promise<LookUpOutcome> {
    return lookUpByOutId(settings, sent, context);
  }

  callback(settings: AliyunSmsSettings, request: CallbackRequest, now: EpochMs): CallbackOutcome {
    return readSmsReport(settings, request, now);
  }

  async verify(settings: AliyunSmsSettings, context: SendContext): Promise<Verified> {
    const question = { phone: ANY_PHONE, date: chinaDate(context.now()), page: 1 };
    return verifiedBy(await askDetails(settings, question, context));
  }
}
