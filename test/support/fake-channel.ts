import { z } from 'zod';

import type {
  Channel,
  ChannelDescriptor,
  LookUpOutcome,
  OutgoingMessage,
  SendContext,
  SendOutcome,
  Way,
} from '../../src/channels/channel.ts';

/** One call of a channel, as a provider would have seen it. */
export interface SentCall {
  readonly deliveryId: string;
  readonly kind: string;
  readonly address: unknown;
  readonly title: string;
  readonly text: string;
  readonly way: string;
  readonly signal: AbortSignal;
}

type Answer =
  SendOutcome | ((message: OutgoingMessage<unknown>) => SendOutcome | Promise<SendOutcome>);

const PLAIN: readonly Way[] = [{ name: 'plain', grant: null }];
const ACCEPTED: SendOutcome = { outcome: 'accepted', providerRef: null };

/** Answers by a script, then accepts; remembers every call. */
export class FakeChannel implements Channel {
  readonly sent: SentCall[] = [];
  readonly lookedUp: string[] = [];
  readonly settings = z.object({ secret: z.string().optional() });
  readonly address = z.string();
  readonly descriptor: ChannelDescriptor;
  always: Answer = ACCEPTED;
  onLookUp: LookUpOutcome = { found: false };
  waysOf: readonly Way[] = PLAIN;
  private readonly script: Answer[] = [];

  constructor(name: string, parts: FakeParts = {}) {
    const { reaches = 'email', idempotency = { is: 'key', windowSec: 86_400, sameBody: false } } =
      parts;
    this.descriptor = {
      name,
      reaches,
      audience: parts.audience ?? 'customer',
      capabilities: {
        ...{ idempotency, receipts: parts.receipts ?? 'none', inbound: false, calendar: false },
        ...{ photo: false, approvedTemplates: false },
      },
      rates: [],
      timeoutMs: 5000,
      settings: [],
    };
  }

  /** The next answers, in order. */
  answers(...answers: readonly Answer[]): void {
    this.script.push(...answers);
  }

  /** As new. */
  forget(): void {
    this.sent.length = 0;
    this.lookedUp.length = 0;
    this.script.length = 0;
    this.always = ACCEPTED;
    this.onLookUp = { found: false };
    this.waysOf = PLAIN;
  }

  /** Kinds that were sent, in order. */
  get kinds(): readonly string[] {
    return this.sent.map(({ kind }) => kind);
  }

  addressKey(address: unknown): string {
    return String(address);
  }

  ways(): readonly Way[] {
    return this.waysOf;
  }

  compose(_: unknown, { content }: OutgoingMessage<unknown>) {
    const shown = { title: content.title, text: content.text };
    return { ok: true as const, payload: shown, shown };
  }

  async send(
    _: unknown,
    message: OutgoingMessage<unknown>,
    _payload: unknown,
    { signal }: SendContext,
  ): Promise<SendOutcome> {
    const { deliveryId, address, way, content } = message;
    const { kind, title, text } = content;
    this.sent.push({ deliveryId, kind, address, title, text, way, signal });
    const answer = this.script.shift() ?? this.always;
    return typeof answer === 'function' ? answer(message) : answer;
  }

  lookUp(_: unknown, { deliveryId }: { readonly deliveryId: string }): Promise<LookUpOutcome> {
    this.lookedUp.push(deliveryId);
    return Promise.resolve(this.onLookUp);
  }
}

interface FakeParts {
  readonly audience?: ChannelDescriptor['audience'];
  readonly reaches?: ChannelDescriptor['reaches'];
  readonly idempotency?: ChannelDescriptor['capabilities']['idempotency'];
  readonly receipts?: ChannelDescriptor['capabilities']['receipts'];
}

export const temporary = (code = 'BUSY', retryAfterMs: number | null = null): SendOutcome => ({
  ...{ outcome: 'temporary', because: retryAfterMs === null ? 'provider' : 'rateLimit' },
  ...{ retryAfterMs, code, message: 'not now' },
});

export const refused = (
  because: 'recipient' | 'content' | 'configuration' | 'consent' | 'window',
): SendOutcome => ({ outcome: 'permanent', because, code: 'NO', message: 'no' });

export const silent: SendOutcome = { outcome: 'ambiguous', code: 'TIMEOUT', message: 'no answer' };
