import { z } from 'zod';

import type { OutgoingMessage, PermanentFailure, SendContext, SendOutcome } from '../channel.ts';
import { idText } from '../wechat/wechat-answer.ts';
import type { WecomAddress } from './address.ts';
import type { WecomSettings } from './settings.ts';
import { callWecom } from './wecom-api.ts';

/** The body of the request, to the byte: the check for repeats compares it. */
export type WecomPayload = string;

const Sent = z.object({
  errcode: z.literal(0),
  msgid: idText.optional(),
  invaliduser: z.string().default(''),
  unlicenseduser: z.string().default(''),
});

/** The id that customer service keeps: at most 32 characters, so the delivery's without its hyphens. */
const kfMessageId = (deliveryId: string): string => deliveryId.replaceAll('-', '');

export function wecomBody(
  { mode, agentId, openKfId, duplicateCheckSec }: WecomSettings,
  { address, deliveryId }: OutgoingMessage<WecomAddress>,
  text: string,
): WecomPayload {
  const message = { msgtype: 'text', text: { content: text } };
  const body =
    mode === 'app'
      ? {
          touser: address.userId,
          agentid: agentId,
          ...message,
          safe: 0,
          enable_duplicate_check: 1,
          duplicate_check_interval: duplicateCheckSec,
        }
      : {
          touser: address.userId,
          open_kfid: openKfId,
          msgid: kfMessageId(deliveryId),
          ...message,
        };
  return JSON.stringify(body);
}

/** Makes one attempt. A message to an app's member is over with the answer; one to a customer may still fail. */
export async function sendByWecom(
  settings: WecomSettings,
  payload: WecomPayload,
  context: SendContext,
): Promise<SendOutcome> {
  const isApp = settings.mode === 'app';
  const path = isApp ? '/cgi-bin/message/send' : '/cgi-bin/kf/send_msg';
  const answer = await callWecom(settings, path, payload, Sent, context);
  if (!answer.ok) return answer.failure;
  const { msgid = null, invaliduser, unlicenseduser } = answer.body;
  if (invaliduser !== '') return notReached('INVALID_USER', 'the corp has no such member');
  if (unlicenseduser !== '') return notReached('UNLICENSED_USER', 'the member has no licence');
  return { outcome: 'accepted', providerRef: msgid, ...(isApp && { isDelivered: true }) };
}

const notReached = (code: string, message: string): PermanentFailure => ({
  outcome: 'permanent',
  because: 'recipient',
  code,
  message,
});
