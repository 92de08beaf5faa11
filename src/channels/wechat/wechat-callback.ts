import type { EpochMs } from '../../core/time/time.ts';
import type { CallbackOutcome, CallbackRequest } from '../channel.ts';
import { refusedCall } from '../receipt-callback.ts';
import { eventsOfNotice, WechatNotice } from './notices.ts';
import { openPlain, openSafe } from './open-callback.ts';
import { readNotice } from './read-wechat.ts';
import type { WechatAccount } from './settings.ts';

/** Reads what WeChat posts to the account, or answers the question whether the address is ours. */
export function readWechatCallback(
  { appId, callbackToken, encodingAesKey, callbackMode }: WechatAccount,
  request: CallbackRequest,
  now: EpochMs,
): CallbackOutcome {
  const secrets = { callbackToken, ownId: appId, ...(encodingAesKey && { encodingAesKey }) };
  if (request.method !== 'GET' && request.method !== 'POST') {
    return refusedCall(405, 'notices are posted');
  }
  const isQuestion = request.method === 'GET';
  const open = isQuestion || callbackMode === 'plain' ? openPlain : openSafe;
  const opened = open(secrets, request, now);
  if (!opened.ok) return opened.refused;
  if (isQuestion) {
    const echo = new URL(request.url).searchParams.get('echostr') ?? '';
    return { ok: true, events: [], reply: { status: 200, contentType: 'text/plain', body: echo } };
  }
  const notice = readNotice(opened.text, WechatNotice);
  if (notice === undefined) return refusedCall(400, 'not a notice');
  const reply = { status: 200, contentType: 'text/plain', body: 'success' };
  return { ok: true, events: eventsOfNotice(notice, appId), reply };
}
