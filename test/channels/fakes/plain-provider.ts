import { createHmac } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const PLAIN_MOST_CHARS = 40;
const TOKEN_SEC = 7200;

interface PlainMessage {
  readonly to: string;
  readonly text: string;
}

/** A provider that does not exist, to try the contract kit itself on: tokens, a key, a limit, a signature. */
export class PlainProvider extends FakeProvider {
  readonly echoes = true;
  private readonly tokens: string[] = [];
  private readonly known = new Map<string, string>();
  private goodFrom = 0;

  override reset(): void {
    super.reset();
    this.tokens.length = 0;
    this.known.clear();
    this.goodFrom = 0;
  }

  get secrets(): readonly string[] {
    return this.tokens;
  }

  tokensIssued(): number {
    return this.tokens.length;
  }

  expireTokens(): void {
    this.goodFrom = this.tokens.length;
  }

  protected carriesMessage({ path }: ReceivedRequest): boolean {
    return path === '/messages';
  }

  protected answer(request: ReceivedRequest): FakeAnswer {
    if (request.path === '/token') return this.newToken(request);
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (this.tokens.indexOf(token) < this.goodFrom) return { status: 401, body: { code: 'TOKEN' } };
    const { to, text } = JSON.parse(request.body.toString()) as PlainMessage;
    if (text.length > PLAIN_MOST_CHARS) return { status: 400, body: { code: 'TOO_LONG' } };
    const key = request.headers['idempotency-key'] ?? this.newId();
    const known = this.known.get(key);
    const ref = known ?? this.newId();
    this.known.set(key, ref);
    if (known === undefined) this.record({ recipient: to, text, echo: key, ref });
    return { body: `{"id":${ref},"repeat":${String(known !== undefined)}}` };
  }

  private newToken({ query }: ReceivedRequest): FakeAnswer {
    if (!/^secret-of-\w+$/.test(query.get('secret') ?? '')) {
      return { status: 403, body: { code: 'SECRET' } };
    }
    const token = `token-${this.newId()}`;
    this.tokens.push(token);
    return { body: { token, expiresInSec: TOKEN_SEC } };
  }
}

/** As the provider signs its receipts. */
export const plainSignature = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');
