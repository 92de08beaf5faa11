import type { Channel, ChannelDescriptor, Composed, OutgoingMessage } from '../channel.ts';
import { verifiedBy } from '../api-answer.ts';
import { templateMissing } from '../fill-template.ts';
import { bindingOf } from '../template-binding.ts';
import { WechatAddress, wechatAddressKey, wechatAddressOf } from '../wechat/address.ts';
import { WECHAT_FIELDS, WechatOaSettings, type OaBinding } from '../wechat/settings.ts';
import { ofAnotherApp, pageFor, templateData, wechatLanguage } from '../wechat/template-data.ts';
import { fetchWechatToken, sendByWechat, type WechatRequest } from '../wechat/wechat-api.ts';
import { readWechatCallback } from '../wechat/wechat-callback.ts';

const DESCRIPTOR: ChannelDescriptor = {
  name: 'wechat-oa',
  reaches: 'own',
  audience: 'customer',
  capabilities: {
    // Of template messages only, and for a time that is documented nowhere, a repeat is dropped.
    idempotency: { is: 'none' },
    receipts: 'push',
    inbound: true,
    calendar: false,
    photo: false,
    approvedTemplates: true,
  },
  rates: [{ scope: 'account', messages: 100_000, perSec: 86_400 }],
  timeoutMs: 10_000,
  settings: WECHAT_FIELDS,
};

const TEMPLATE_PATH = '/cgi-bin/message/template/send';
const SUBSCRIPTION_PATH = '/cgi-bin/message/subscribe/bizsend';

/**
 * Messages of a WeChat official account: templates to followers, and subscription messages for which
 * a person agrees each time. Which of them a message is stands in the binding of its kind.
 */
export const wechatOaChannel: Channel<WechatOaSettings, WechatAddress, WechatRequest> = {
  descriptor: DESCRIPTOR,
  settings: WechatOaSettings,
  address: WechatAddress,
  addressKey: wechatAddressKey,
  addressOf: wechatAddressOf,

  ways: ({ templates }, kind) => {
    const binding = bindingOf(templates, kind);
    if (binding === undefined) return [];
    return binding.by === 'template'
      ? [{ name: 'template', grant: null }]
      : [{ name: 'subscription', grant: { is: 'oneTime', templateId: binding.id } }];
  },

  compose: (settings, message) => {
    const binding = bindingOf(settings.templates, message.content.kind);
    if (binding === undefined) return { ok: false, error: templateMissing(message.content.kind) };
    if (message.address.appId !== settings.appId) return { ok: false, error: ofAnotherApp() };
    return composed(settings, binding, message);
  },

  send: (settings, _message, payload, context) => sendByWechat(settings, payload, context),
  callback: readWechatCallback,
  verify: async (settings, context) => verifiedBy(await fetchWechatToken(settings, context)),
};

function composed(
  { timeForm, miniProgramState }: WechatOaSettings,
  binding: OaBinding,
  { address, content, deliveryId }: OutgoingMessage<WechatAddress>,
): Composed<WechatRequest> {
  const filled = templateData(binding, content, timeForm);
  if (!filled.ok) return filled;
  const { miniProgram } = binding;
  const page = miniProgram && pageFor(miniProgram.page, content);
  const to = { touser: address.openId, template_id: binding.id };
  const jump = miniProgram && { miniprogram: { appid: miniProgram.appId, pagepath: page } };
  const body =
    binding.by === 'template'
      ? {
          ...to,
          ...(content.link !== null && { url: content.link }),
          ...jump,
          client_msg_id: deliveryId,
          data: filled.data,
        }
      : {
          ...to,
          ...(jump ?? (content.link !== null && { page: content.link })),
          data: filled.data,
          miniprogram_state: miniProgramState,
          lang: wechatLanguage(binding, content),
        };
  const path = binding.by === 'template' ? TEMPLATE_PATH : SUBSCRIPTION_PATH;
  return { ok: true, payload: { path, body: JSON.stringify(body) }, shown: filled.shown };
}
