import { Webhook } from 'standardwebhooks';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';
import { STATUS_ALONE_FAULTS } from './status-alone-faults.ts';

export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const TOLERANCE_SEC = 300;
const MOST_BYTES = 20_000;

interface Event {
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly title: string; readonly text: string };
}

/** A program that takes Standard Webhooks, checks them with the library of the standard, and forgets no id. */
export class FakeWebhookReceiver extends FakeProvider {
  override readonly faults = STATUS_ALONE_FAULTS;
  readonly echoes = true;
  readonly secrets: readonly string[] = [];
  private readonly known = new Set<string>();

  override reset(): void {
    super.reset();
    this.known.clear();
  }

  protected override carriesMessage({ method }: ReceivedRequest): boolean {
    return method === 'POST';
  }

  protected override answer({ headers, body }: ReceivedRequest): FakeAnswer {
    const id = headers['webhook-id'] ?? '';
    const text = body.toString('utf8');
    if (!this.isSigned(id, headers, text)) return { status: 401 };
    if (body.length > MOST_BYTES) return { status: 413 };
    if (headers['content-type'] !== 'application/json') return { status: 415 };
    if (!this.known.has(id)) this.take(id, JSON.parse(text) as Event);
    return { status: 204 };
  }

  private isSigned(id: string, headers: ReceivedRequest['headers'], body: string): boolean {
    const timestampSec = Number(headers['webhook-timestamp']);
    const apartSec = Math.abs(this.clock.now() / 1000 - timestampSec);
    if (id === '' || id.includes('.') || !(apartSec <= TOLERANCE_SEC)) return false;
    const right = new Webhook(SIGNING_SECRET).sign(id, new Date(timestampSec * 1000), body);
    return (headers['webhook-signature'] ?? '').split(' ').includes(right);
  }

  private take(id: string, { type, timestamp, data }: Event): void {
    if (!/^[\w.]+$/.test(type) || Number.isNaN(Date.parse(timestamp))) throw new Error('no event');
    this.known.add(id);
    const text = `${data.title}\n${data.text}`;
    this.record({ recipient: 'endpoint', text, echo: id, ref: null });
  }
}
