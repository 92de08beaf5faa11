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

  /**
   * @param now epoch ms, only for how long a verified token is remembered
   * @param expiry until when a verified token is good, epoch ms; null: for ever
   */
  constructor(
    private readonly verify: VerifyToken,
    private readonly now: () => number,
    private readonly expiry: (token: string) => number | null = () => null,
  ) {}

  /**
   * No header: anonymous.
   *
   * @throws GraphQLError UNAUTHENTICATED if there is a header that does not prove who calls: a client
   *   with a stale token should learn it, not silently become nobody
   */
  async callerOf(header: string | undefined): Promise<Caller> {
    if (header === undefined) return ANONYMOUS;
    const token = tokenIn(header);
    if (token === undefined) throw unauthenticated('Authorization must be "Bearer <token>".');

    const now = this.now();
    const known = this.verified.get(token);
    if (known !== undefined && now < known.until) return known.caller;
    const caller = await this.verifyNow(token);
    this.verified.set(token, { caller, until: now + TRUSTED_MS });
    return caller;
  }

  /** Until when a header that {@link callerOf} took proves who calls, epoch ms; null: for ever. */
  expiryOf(header: string): number | null {
    return this.expiry(tokenIn(header) ?? '');
  }

  private async verifyNow(token: string): Promise<Caller> {
    try {
      return await this.verify(token);
    } catch {
      throw unauthenticated('The token is not valid, or no longer.');
    }
  }
}

const tokenIn = (header: string): string | undefined =>
  /^Bearer +([\w~+/.=-]+)$/i.exec(header)?.[1];
