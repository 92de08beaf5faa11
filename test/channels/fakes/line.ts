import { DAY_MS, type EpochMs } from '../../../src/core/time/time.ts';
import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const ACCESS_TOKEN = 'line-access-token/abc+def==';
export const USER = 'U0123456789abcdef0123456789abcdef';

interface Push {
  readonly to: string;
  readonly messages: readonly { readonly type: string; readonly text?: string }[];
}

interface Accepted {
  readonly at: EpochMs;
  readonly requestId: string;
  readonly ids: readonly string[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const invalid = (property: string, message: string): FakeAnswer => ({
  status: 400,
  body: { message: 'The request body has 1 error(s)', details: [{ message, property }] },
});

/** The Messaging API with one channel, whom one person follows. */
export class FakeLine extends FakeProvider {
  readonly echoes = true;
  readonly secrets = [ACCESS_TOKEN];
  private readonly byKey = new Map<string, Accepted>();

  override reset(): void {
    super.reset();
    this.byKey.clear();
  }

  protected override carriesMessage({ path }: ReceivedRequest): boolean {
    return path === '/v2/bot/message/push';
  }

  protected override answer(request: ReceivedRequest): FakeAnswer {
    const { method, path, headers, body } = request;
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) {
      return {
        status: 401,
        body: { message: 'Authentication failed. Confirm that the access token …' },
      };
    }
    if (method === 'GET' && path === '/v2/bot/info') return { body: { userId: USER } };
    if (method !== 'POST' || !this.carriesMessage(request)) {
      return { status: 404, body: { message: 'Not found' } };
    }
    if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
      return { status: 415, body: { message: 'Unsupported media type' } };
    }
    const key = headers['x-line-retry-key'] ?? '';
    if (!UUID.test(key)) return { status: 400, body: { message: 'The retry key is invalid' } };
    return this.repeated(key) ?? this.push(key, JSON.parse(body.toString('utf8')) as Push);
  }

  /** The same key within a day is never sent again, whatever the body is. */
  private repeated(key: string): FakeAnswer | undefined {
    const known = this.byKey.get(key);
    if (known === undefined || this.clock.now() - known.at >= DAY_MS) return undefined;
    return {
      status: 409,
      headers: { 'x-line-accepted-request-id': known.requestId },
      body: {
        message: 'The retry key is already accepted',
        sentMessages: known.ids.map((id) => ({ id, quoteToken: 'q' })),
      },
    };
  }

  private push(key: string, { to, messages }: Push): FakeAnswer {
    if (to !== USER) return invalid('to', 'The property, to, in the request body is invalid');
    if (messages.length < 1 || messages.length > 5)
      return invalid('messages', 'Size must be 1 to 5');
    for (const [at, { type, text = '' }] of messages.entries()) {
      if (type === 'text' && (text === '' || text.length > 5000)) {
        return invalid(`messages[${at}].text`, 'Length must be between 0 and 5000');
      }
    }
    const ids = messages.map(() => this.newId());
    this.byKey.set(key, { at: this.clock.now(), requestId: `request-${ids[0]!}`, ids });
    const text = messages.map((message) => message.text ?? '').join('\n');
    this.record({ recipient: to, text, echo: key, ref: ids[0]! });
    return { body: { sentMessages: ids.map((id) => ({ id, quoteToken: 'q' })) } };
  }
}
