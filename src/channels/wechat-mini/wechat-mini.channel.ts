import type { Channel, ChannelDescriptor } from '../channel.ts';
import { verifiedBy } from '../api-answer.ts';
import { templateMissing } from '../fill-template.ts';
import { bindingOf } from '../template-binding.ts';
import { WechatAddress, wechatAddressKey, wechatAddressOf } from '../wechat/address.ts';
import { WECHAT_FIELDS, WechatMiniSettings } from '../wechat/settings.ts';
import { ofAnotherApp, pageFor, templateData, wechatLanguage } from '../wechat/template-data.ts';
import { fetchWechatToken, sendByWechat, type WechatRequest } from '../wechat/wechat-api.ts';
import { readWechatCallback } from '../wechat/wechat-callback.ts';

const DESCRIPTOR: ChannelDescriptor = {
  name: 'wechat-mini',
  reaches: 'own',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'none' },
    receipts: 'push',
    inbound: true,
    calendar: false,
    photo: false,
    approvedTemplates: true,
  },
  rates: [{ scope: 'account', messages: 10_000_000, perSec: 86_400 }],
  timeoutMs: 10_000,
  settings: WECHAT_FIELDS,
};

const PATH = '/cgi-bin/message/subscribe/send';

/** Subscription messages of a WeChat mini program: each needs that the person agreed to one of its kind. */
export const wechatMiniChannel: Channel<WechatMiniSettings, WechatAddress, WechatRequest> = {
  descriptor: DESCRIPTOR,
  settings: WechatMiniSettings,
  address: WechatAddress,
  addressKey: wechatAddressKey,
  addressOf: wechatAddressOf,

  ways: ({ templates }, kind) => {
    const binding = bindingOf(templates, kind);
    if (binding === undefined) return [];
    return [{ name: 'subscription', grant: { is: 'oneTime', templateId: binding.id } }];
  },

  compose: (settings, { address, content }) => {
    const binding = bindingOf(settings.templates, content.kind);
    if (binding === undefined) return { ok: false, error: templateMissing(content.kind) };
    if (address.appId !== settings.appId) return { ok: false, error: ofAnotherApp() };
    const filled = templateData(binding, content, settings.timeForm);
    if (!filled.ok) return filled;
    const body = {
      touser: address.openId,
      template_id: binding.id,
      ...(binding.page !== undefined && { page: pageFor(binding.page, content) }),
      data: filled.data,
      miniprogram_state: settings.miniProgramState,
      lang: wechatLanguage(binding, content),
    };
    return { ok: true, payload: { path: PATH, body: JSON.stringify(body) }, shown: filled.shown };
  },

  send: (settings, _message, payload, context) => sendByWechat(settings, payload, context),
  callback: readWechatCallback,
  verify: async (settings, context) => verifiedBy(await fetchWechatToken(settings, context)),
};
