import { z } from 'zod';

import { baseUrl, secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';
import { TemplateBinding, templateBindings } from '../template-binding.ts';
import { ENCODING_AES_KEY } from './envelope.ts';

/** A page of a mini program; `{name}` in its path stands for a value of the message. */
const Page = z.string().min(1).max(1024);

/** Where a message leads. Without it, to the link of the message where that is possible. */
const MiniProgram = z.strictObject({ appId: settingText, page: Page });

export const SubscriptionBinding = TemplateBinding.extend({ page: Page.optional() });
export type SubscriptionBinding = z.output<typeof SubscriptionBinding>;

/** `by`: whether it is a template message, or one that a person subscribes to each time. */
export const OaBinding = TemplateBinding.extend({
  by: z.enum(['template', 'subscription']).default('template'),
  miniProgram: MiniProgram.optional(),
});
export type OaBinding = z.output<typeof OaBinding>;

const Account = z.strictObject({
  appId: settingText.regex(/^\w{1,64}$/),
  secret: settingText,
  callbackToken: settingText,
  encodingAesKey: settingText.regex(ENCODING_AES_KEY).optional(),
  callbackMode: z.enum(['plain', 'safe']).default('safe'),
  /** How a `time` field is written: 2026年11月27日 15:00, or 2026-11-27 15:00. */
  timeForm: z.enum(['chinese', 'iso']).default('chinese'),
  miniProgramState: z.enum(['formal', 'trial', 'developer']).default('formal'),
  baseUrl: baseUrl('https://api.weixin.qq.com'),
});
export type WechatAccount = z.output<typeof Account>;

const keyIsThere = ({ callbackMode, encodingAesKey }: WechatAccount): boolean =>
  callbackMode === 'plain' || encodingAesKey !== undefined;
const KEY_IS_MISSING = { path: ['encodingAesKey'], message: 'needed in safe mode' };

export const WechatOaSettings = Account.extend({
  templates: templateBindings(OaBinding),
}).refine(keyIsThere, KEY_IS_MISSING);
export type WechatOaSettings = z.output<typeof WechatOaSettings>;

export const WechatMiniSettings = Account.extend({
  templates: templateBindings(SubscriptionBinding),
}).refine(keyIsThere, KEY_IS_MISSING);
export type WechatMiniSettings = z.output<typeof WechatMiniSettings>;

export const WECHAT_FIELDS: readonly SettingField[] = [
  shownSetting('appId', true, 'AppID of the account.'),
  secretSetting('secret', true, 'AppSecret of the account.'),
  secretSetting('callbackToken', true, 'The token under message push.'),
  secretSetting('encodingAesKey', false, 'The 43 characters under message push; for safe mode.'),
  shownSetting('callbackMode', false, 'As under message push: safe (encrypted), or plain.'),
  shownSetting('timeForm', false, 'How times are written in templates: chinese, or iso.'),
  shownSetting('miniProgramState', false, 'Which version opens: formal, trial or developer.'),
  shownSetting('templates', false, 'Approved templates by kind of message.'),
  shownSetting('baseUrl', false, 'Origin of the API, for a test.'),
];
