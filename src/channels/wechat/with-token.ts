import type { ApiAnswer } from '../api-answer.ts';
import type { SendContext } from '../channel.ts';
import { sha256Hex } from '../digest.ts';
import { failed, type Failure } from '../outcomes.ts';
import type { FreshToken } from '../token-store.ts';

/** Who a token is for, and how to get one. */
export interface TokenSource {
  /** The same for the same account and secret; tells neither. */
  readonly key: string;
  readonly fetch: (context: SendContext) => Promise<ApiAnswer<FreshToken>>;
}

/** Carries a refusal through the token store. */
class NoToken extends Error {
  constructor(readonly failure: Failure) {
    super('no token was given');
  }
}

/** A new secret, or another host, begins with a new token. */
export const tokenKey = (channel: string, ...account: readonly string[]): string =>
  `${channel}:${sha256Hex(account.join('\n')).slice(0, 32)}`;

/** Calls with the kept token. One that is refused is dropped, unless another is kept by now. */
export async function withToken<T>(
  source: TokenSource,
  context: SendContext,
  call: (token: string) => Promise<ApiAnswer<T>>,
): Promise<ApiAnswer<T>> {
  const { tokens } = context;
  const token = await kept(source, context);
  if (token instanceof NoToken) return { ok: false, failure: notSent(token.failure) };
  const answer = await call(token);
  if (!answer.ok && isAboutToken(answer.failure)) await tokens.invalidate(source.key, token);
  return answer;
}

async function kept({ key, fetch }: TokenSource, context: SendContext): Promise<string | NoToken> {
  try {
    return await context.tokens.get(key, async () => {
      const fetched = await fetch(context);
      if (!fetched.ok) throw new NoToken(fetched.failure);
      return fetched.body;
    });
  } catch (error) {
    if (error instanceof NoToken) return error;
    throw error;
  }
}

const isAboutToken = (failure: Failure): boolean =>
  failure.outcome === 'temporary' && failure.because === 'token';

/** Without a token no message left, whatever became of the question for one. */
const notSent = (failure: Failure): Failure =>
  failure.outcome === 'ambiguous' ? failed('provider', failure) : failure;
