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
import type { EpochMs } from '../../core/time/time.ts';
import { badResponse } from '../outcomes.ts';
import { PhoneAddress } from '../phone-address.ts';
import { fillTemplate } from '../fill-template.ts';
import { bindingOf } from '../template-binding.ts';
import { askStatuses, lookUpByNumber } from './pulled-statuses.ts';
import { readStatusReports } from './receipts.ts';
import { TENCENT_SMS_FIELDS, TencentSmsSettings } from './settings.ts';
import { callTencent, refusedByTencent } from './tencent-api.ts';

const DESCRIPTOR: ChannelDescriptor = {
  name: 'tencent-sms',
  reaches: 'phone',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'lookUp', afterSec: [30, 120, 600], isAuthoritative: false },
    receipts: 'push',
    inbound: false,
    calendar: false,
    photo: false,
    approvedTemplates: true,
  },
  rates: [{ scope: 'account', messages: 3000, perSec: 1 }],
  timeoutMs: 10_000,
  settings: TENCENT_SMS_FIELDS,
};

const Sent = z.object({
  SendStatusSet: z
    .array(z.object({ SerialNo: z.string(), Code: z.string(), Message: z.string().default('') }))
    .length(1),
});
/** Asked about when the settings are tried; whether it exists does not matter. */
const ANY_PHONE = '+8613800138000';

/** The body of the request, to the byte as it is signed. */
type Payload = string;

/** SMS of Tencent Cloud: approved templates, mainland China and abroad. */
export class TencentSmsChannel implements Channel<TencentSmsSettings, string, Payload> {
  readonly descriptor = DESCRIPTOR;
  readonly settings = TencentSmsSettings;
  readonly address = PhoneAddress;

  addressKey(address: string): string {
    return address;
  }

  ways({ templates }: TencentSmsSettings, kind: string): readonly Way[] {
    return bindingOf(templates, kind) === undefined ? [] : [{ name: 'template', grant: null }];
  }

  compose(
    { templates, sdkAppId, signName, mostVariableChars }: TencentSmsSettings,
    { address, content, deliveryId }: OutgoingMessage<string>,
  ): Composed<Payload> {
    const filled = fillTemplate(bindingOf(templates, content.kind), content, mostVariableChars);
    if (!filled.ok) return filled;
    const request = {
      PhoneNumberSet: [address],
      SmsSdkAppId: sdkAppId,
      SignName: signName,
      TemplateId: filled.templateId,
      TemplateParamSet: inTheirPlaces(filled.values),
      SessionContext: deliveryId,
    };
    return { ok: true, payload: JSON.stringify(request), shown: filled.shown };
  }

  async send(
    settings: TencentSmsSettings,
    _message: OutgoingMessage<string>,
    payload: Payload,
    context: SendContext,
  ): Promise<SendOutcome> {
    const answer = await callTencent(settings, 'SendSms', payload, Sent, context);
    if (!answer.ok) return answer.failure;
    const [sent] = answer.body.SendStatusSet;
    if (sent === undefined) return badResponse();
    const { Code: code, Message: message, SerialNo: serialNo } = sent;
    if (code === 'Ok') return { outcome: 'accepted', providerRef: serialNo };
    return refusedByTencent(settings, { code, message, status: 200 }, context.now());
  }

  lookUp(
    settings: TencentSmsSettings,
    sent: SentMessage<string>,
    context: SendContext,
  ): Promise<LookUpOutcome> {
    return lookUpByNumber(settings, sent, context);
  }

  callback(settings: TencentSmsSettings, request: CallbackRequest, now: EpochMs): CallbackOutcome {
    return readStatusReports(settings, request, now);
  }

  async verify(settings: TencentSmsSettings, context: SendContext): Promise<Verified> {
    return verifiedBy(await askStatuses(settings, ANY_PHONE, context.now(), context));
  }
}

/** Values of the variables 1, 2, 3 in this order. */
const inTheirPlaces = (values: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(values)
    .sort((a, b) => Number(a) - Number(b))
    .map((place) => values[place]!);
