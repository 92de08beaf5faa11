import { z } from 'zod';

import type { EpochMs } from '../../core/time/time.ts';
import type { CallbackOutcome, CallbackRequest, ChannelEvent } from '../channel.ts';
import { refusedCall } from '../receipt-callback.ts';
import { WechatNotice, eventsOfNotice } from '../wechat/notices.ts';
import { openEncrypted, openSafe, type OpenedCallback } from '../wechat/open-callback.ts';
import { readNotice } from '../wechat/read-wechat.ts';
import type { WecomSettings } from './settings.ts';

/** Customer service says only that there is something to be fetched, and with what. */
const KfNotice = z.object({
  Event: z.literal('kf_msg_or_event'),
  Token: z.string().min(1),
  OpenKfId: z.string(),
});

/** Reads what WeCom posts, or answers the question whether the address is ours. */
export function readWecomCallback(
  settings: WecomSettings,
  request: CallbackRequest,
  now: EpochMs,
): CallbackOutcome {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST') return refusedCall(405, 'notices are posted');
  const opened = openWecom(settings, request, now);
  if (!opened.ok) return opened.refused;
  if (method === 'GET') return { ok: true, events: [], reply: plain(opened.text) };
  const events = eventsIn(settings, opened.text);
  if (events === undefined) return refusedCall(400, 'not a notice');
  return { ok: true, events, reply: plain('') };
}

/** What a genuine notice of customer service allows to be fetched for ten minutes. */
export function kfTokenIn(
  settings: WecomSettings,
  request: CallbackRequest,
  now: EpochMs,
): string | null {
  const opened = openWecom(settings, request, now);
  const notice = opened.ok ? readNotice(opened.text, KfNotice) : undefined;
  return notice?.OpenKfId === settings.openKfId ? (notice?.Token ?? null) : null;
}

function openWecom(
  { callbackToken, encodingAesKey, corpId }: WecomSettings,
  request: CallbackRequest,
  now: EpochMs,
): OpenedCallback {
  const secrets = { callbackToken, encodingAesKey, ownId: corpId };
  if (request.method !== 'GET') return openSafe(secrets, request, now);
  const query = new URL(request.url).searchParams;
  return openEncrypted(secrets, query, query.get('echostr') ?? '', now);
}

function eventsIn({ corpId }: WecomSettings, text: string): readonly ChannelEvent[] | undefined {
  if (readNotice(text, KfNotice) !== undefined) return [];
  const notice = readNotice(text, WechatNotice);
  return notice && eventsOfNotice(notice, corpId);
}

const plain = (body: string) => ({ status: 200, contentType: 'text/plain', body });
