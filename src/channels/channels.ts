import type { Channel } from './channel.ts';
import { lineChannel } from './line/line.channel.ts';
import { logChannel } from './log/log.channel.ts';
import { smtpChannel } from './smtp/smtp.channel.ts';
import { telegramChannel } from './telegram/telegram.channel.ts';
import { wechatMiniChannel } from './wechat-mini/wechat-mini.channel.ts';
import { wechatOaChannel } from './wechat-oa/wechat-oa.channel.ts';
import { wecomChannel } from './wecom/wecom.channel.ts';
import { webhookChannel } from './webhook/webhook.channel.ts';
import { webPushChannel } from './web-push/web-push.channel.ts';
import { aliyunSmsChannel } from './aliyun-sms/aliyun-sms.channel.ts';
import { dingtalkChannel } from './dingtalk/dingtalk.channel.ts';
import { feishuChannel } from './feishu/feishu.channel.ts';
import { tencentSmsChannel } from './tencent-sms/tencent-sms.channel.ts';
import { twilioChannel } from './twilio/twilio.channel.ts';
import { whatsappCloudChannel } from './whatsapp-cloud/whatsapp-cloud.channel.ts';

/** Every way to reach people. Adding one: its folder, and one line here. */
export const CHANNELS: readonly Channel[] = [
  logChannel,
  smtpChannel,
  telegramChannel,
  lineChannel,
  webhookChannel(),
  webPushChannel(),
  wechatOaChannel,
  wechatMiniChannel,
  wecomChannel,
  aliyunSmsChannel,
  dingtalkChannel,
  feishuChannel,
  tencentSmsChannel,
  twilioChannel,
  whatsappCloudChannel,
];
