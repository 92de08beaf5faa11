import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { SendContext } from '../channel.ts';
import type { FreshToken } from '../token-store.ts';
import { readWechatAnswer, Token } from '../wechat/wechat-answer.ts';
import { tokenKey, withToken } from '../wechat/with-token.ts';
import { WECOM_CODES, WECOM_TOKEN_CODES } from './codes.ts';
import type { WecomSettings } from './settings.ts';

/** Calls the API with the kept token of the account. */
export function callWecom<T>(
  settings: WecomSettings,
  path: string,
  body: string,
  shape: z.ZodType<T>,
  context: SendContext,
): Promise<ApiAnswer<T>> {
  const { corpId, secret, baseUrl } = settings;
  const source = {
    key: tokenKey('wecom', baseUrl, corpId, secret),
    fetch: () => fetchWecomToken(settings, context),
  };
  return withToken(source, context, async (token) => {
    const request = {
      method: 'POST',
      url: `${baseUrl}${path}?access_token=${encodeURIComponent(token)}`,
      headers: { 'content-type': 'application/json' },
      body,
    } as const;
    const outcome = await context.http.request(request, context.signal);
    const secrets = [token, secret];
    return readWechatAnswer(outcome, { shape, codes: WECOM_CODES, secrets, now: context.now() });
  });
}

/** Asks for the token of the app, which stays the same while it is good. The address has the secret in it. */
export async function fetchWecomToken(
  { corpId, secret, baseUrl }: WecomSettings,
  { http, signal, now }: SendContext,
): Promise<ApiAnswer<FreshToken>> {
  const query = new URLSearchParams({ corpid: corpId, corpsecret: secret });
  const url = `${baseUrl}/cgi-bin/gettoken?${query.toString()}`;
  const outcome = await http.request({ method: 'GET', url }, signal);
  return readWechatAnswer(outcome, {
    ...{ shape: Token, codes: WECOM_TOKEN_CODES, secrets: [secret], now: now() },
  });
}
