import { BoundedCache } from '../graphql/bounded-cache.ts';
import { unauthenticated } from '../graphql/errors.ts';
import { ANONYMOUS, type Caller } from './caller.ts';

/** Who a token says its bearer is. @throws on a token that is malformed, expired or not ours */
export type VerifyToken = (token: string) => Caller | Promise<Caller>;

/** How long a verified token is trusted without looking again: an expiry may show that much later. */
const TRUSTED_MS = 10_000;
const REMEMBERED_TOKENS = 1000;

interface Verified {
  readonly caller: Caller;
  readonly until: number;
}

/** Turns `Authorization` headers into callers; remembers the last tokens it has verified. */
export class BearerTokens {
  private readonly verified = new BoundedCache<Verified>(REMEMBERED_TOKENS);

  /** @param now epoch ms, only for how long a verified token is remembered */
  constructor(
    private readonly verify: VerifyToken,
    private readonly now: () => number,
  ) {}

  /**
   * No header: anonymous.
   *
   * @throws GraphQLError UNAUTHENTICATED if there is a header that does not prove who calls: a client
   *   with a stale token should learn it, not silently become nobody
   */
  async callerOf(header: string | undefined): Promise<Caller> {
    if (header === undefined) return ANONYMOUS;
    const token = /^Bearer +([\w~+/.=-]+)$/i.exec(header)?.[1];
    if (token === undefined) throw unauthenticated('Authorization must be "Bearer <token>".');

    const now = this.now();
    const known = this.verified.get(token);
    if (known !== undefined && now < known.until) return known.caller;
    const caller = await this.verifyNow(token);
    this.verified.set(token, { caller, until: now + TRUSTED_MS });
    return caller;
  }

  private async verifyNow(token: string): Promise<Caller> {
    try {
      return await this.verify(token);
    } catch {
      throw unauthenticated('The token is not valid, or no longer.');
    }
  }
}
