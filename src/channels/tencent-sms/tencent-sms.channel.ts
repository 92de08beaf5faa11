import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type { Channel, ChannelDescriptor } from '../channel.ts';
import { ANY_PHONE, PhoneAddress } from '../phone-address.ts';
import { fillTemplate, templateWays } from '../fill-template.ts';
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

/** One number is asked for, and one is answered for. */
const Sent = z.object({
  SendStatusSet: z.tuple([
    z.object({ SerialNo: z.string(), Code: z.string(), Message: z.string().default('') }),
  ]),
});

/** The body of the request, to the byte as it is signed. */
type Payload = string;

/** SMS of Tencent Cloud: approved templates, mainland China and abroad. */
export const tencentSmsChannel: Channel<TencentSmsSettings, string, Payload> = {
  descriptor: DESCRIPTOR,
  settings: TencentSmsSettings,
  address: PhoneAddress,
  addressKey: (phone) => phone,
  ways: ({ templates }, kind) => templateWays(templates, kind),

  compose: (settings, { address, content, deliveryId }) => {
    const { templates, sdkAppId, signName, mostVariableChars } = settings;
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
  },

  send: async (settings, _message, payload, context) => {
    const answer = await callTencent(settings, 'SendSms', payload, Sent, context);
    if (!answer.ok) return answer.failure;
    const [{ Code: code, Message: message, SerialNo: serialNo }] = answer.body.SendStatusSet;
    if (code === 'Ok') return { outcome: 'accepted', providerRef: serialNo };
    return refusedByTencent(settings, { code, message, status: 200 }, context.now());
  },

  lookUp: lookUpByNumber,
  callback: readStatusReports,

  verify: async (settings, context) =>
    verifiedBy(await askStatuses(settings, ANY_PHONE, context.now(), context)),
};

/** Values of the variables 1, 2, 3 in this order. */
const inTheirPlaces = (values: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(values)
    .sort((a, b) => Number(a) - Number(b))
    .map((place) => values[place]!);
