import type { ApiAnswer } from '../api-answer.ts';
import type { SendContext, SendOutcome } from '../channel.ts';
import type { FreshToken } from '../token-store.ts';
import { TOKEN_CODES, WECHAT_CODES } from './codes.ts';
import type { WechatAccount } from './settings.ts';
import { readWechatAnswer, Sent, Token } from './wechat-answer.ts';
import { tokenKey, withToken } from './with-token.ts';

/** A request to send, to the byte. */
export interface WechatRequest {
  readonly path: string;
  readonly body: string;
}

const POST_JSON = { method: 'POST', headers: { 'content-type': 'application/json' } } as const;

/** Makes one attempt with the kept token. */
export async function sendByWechat(
  account: WechatAccount,
  { path, body }: WechatRequest,
  context: SendContext,
): Promise<SendOutcome> {
  const { appId, secret, baseUrl } = account;
  const source = {
    key: tokenKey('wechat', baseUrl, appId, secret),
    fetch: () => fetchWechatToken(account, context),
  };
  const answer = await withToken(source, context, async (token) => {
    const url = `${baseUrl}${path}?access_token=${encodeURIComponent(token)}`;
    const outcome = await context.http.request({ ...POST_JSON, url, body }, context.signal);
    const secrets = [token, secret];
    return readWechatAnswer(outcome, {
      ...{ shape: Sent, codes: WECHAT_CODES, secrets, now: context.now() },
    });
  });
  if (!answer.ok) return answer.failure;
  return { outcome: 'accepted', providerRef: answer.body.msgid ?? null };
}

/** Asks for the token of the account, which stays the same while it is good: asking drops no other's. */
export async function fetchWechatToken(
  { appId, secret, baseUrl }: WechatAccount,
  { http, signal, now }: SendContext,
): Promise<ApiAnswer<FreshToken>> {
  const asked = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false };
  const url = `${baseUrl}/cgi-bin/stable_token`;
  const outcome = await http.request({ ...POST_JSON, url, body: JSON.stringify(asked) }, signal);
  return readWechatAnswer(outcome, {
    ...{ shape: Token, codes: TOKEN_CODES, secrets: [secret], now: now() },
  });
}
