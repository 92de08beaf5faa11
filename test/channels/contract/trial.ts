import { expect } from 'vitest';

import type {
  Composed,
  MessageContent,
  OutgoingMessage,
  SendContext,
  SendOutcome,
  Way,
} from '../../../src/channels/channel.ts';
import { FetchHttpClient } from '../../../src/channels/http-client.ts';
import { MemoryTokenStore } from '../memory-token-store.ts';
import type { ContractSubject } from './subject.ts';

/** How long an attempt may go on, in real time, after it should be over. */
const PATIENCE_MS = 4000;
const HOUR_MS = 3_600_000;
const DEFAULT_KIND = 'order.ready';

/** A channel with its settings read, from a clean start. */
export class Trial {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly settings: unknown;
  readonly address: unknown;
  readonly kind: string;
  private messages = 0;

  constructor(
    readonly subject: ContractSubject,
    overrides: Readonly<Record<string, unknown>> = {},
    readonly tokens = new MemoryTokenStore(() => subject.clock.now()),
    address = subject.address,
  ) {
    this.raw = { ...subject.settings(subject.fake.url), ...overrides };
    this.settings = deepFrozen(subject.channel.settings.parse(this.raw));
    this.address = deepFrozen(subject.channel.address.parse(address));
    this.kind = subject.kind ?? DEFAULT_KIND;
  }

  ways(): readonly Way[] {
    return this.subject.channel.ways(this.settings, this.kind);
  }

  /** A delivery of its own. Changed with `changed`, it stays the same delivery if it names the id. */
  message(
    content: Partial<MessageContent> = {},
    changed: Partial<OutgoingMessage<unknown>> = {},
  ): OutgoingMessage<unknown> {
    const now = this.subject.clock.now();
    this.messages++;
    const message = {
      deliveryId: `0190b6b2-7f3a-4c1d-8e2f-${String(this.messages).padStart(12, '0')}`,
      firstAttemptAt: now,
      address: this.address,
      way: this.ways()[0]?.name ?? '',
      content: contentOf(this.subject, this.kind, content),
      usefulUntil: now + HOUR_MS,
      ...changed,
    };
    return deepFrozen(message);
  }

  context(signal: AbortSignal = new AbortController().signal): SendContext {
    return {
      now: () => this.subject.clock.now(),
      http: new FetchHttpClient(),
      tokens: this.tokens,
      signal,
    };
  }

  compose(message: OutgoingMessage<unknown>): Composed<unknown> {
    return this.subject.channel.compose(this.settings, message);
  }

  /** One attempt, as the delivery engine makes it. Whatever comes of it must tell no secret. */
  async send(message = this.message(), signal?: AbortSignal): Promise<SendOutcome> {
    const composed = this.compose(message);
    if (!composed.ok) {
      this.expectDiscreet(composed.error);
      return composed.error;
    }
    const { channel } = this.subject;
    const context = this.context(signal);
    const sending = channel.send(this.settings, message, composed.payload, context);
    const outcome = await inTime(sending, 'the attempt').catch((fault: unknown) => {
      throw new Error('send threw', { cause: fault });
    });
    this.expectDiscreet(outcome);
    return outcome;
  }

  /** As the engine does when a kept token is refused: once more, at once. */
  async sendWithNewToken(message = this.message()): Promise<SendOutcome> {
    const outcome = await this.send(message);
    const isToken = outcome.outcome === 'temporary' && outcome.because === 'token';
    return isToken ? await this.send(message) : outcome;
  }

  /** CK-24: what is told contains no secret setting and no token. */
  expectDiscreet(told: unknown): void {
    const text = JSON.stringify([told]);
    const leaked = this.secrets().filter(
      (secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)),
    );
    expect({ told, leaked }).toEqual({ told, leaked: [] });
  }

  secrets(): readonly string[] {
    const settings = this.subject.channel.descriptor.settings.filter(({ isSecret }) => isSecret);
    const own = settings.map(({ name }) => this.raw[name]).filter((value) => value !== undefined);
    return [...own.map(String), ...this.subject.fake.secrets].filter((secret) => secret !== '');
  }
}

function contentOf(
  subject: ContractSubject,
  kind: string,
  changed: Partial<MessageContent>,
): MessageContent {
  return {
    kind,
    locale: 'zh-CN',
    title: '鞋子可取了',
    text: '您的 AJ1 已护理完成。\n\n请于周五 15:00 到人民广场店取鞋,取件码 W7K2Q9。',
    short: '您的 AJ1 已可取:周五 15:00 人民广场店,取件码 W7K2Q9。',
    link: 'https://welt.example/o/W7K2Q9',
    photo: null,
    calendar: null,
    ...subject.content,
    ...changed,
    fields: { ...FIELDS, ...subject.content?.fields, ...changed.fields },
  };
}

const FIELDS = {
  customer: '王小明',
  ticketCode: 'W7K2Q9',
  items: 'AJ1 深度清洁',
  stage: '可取鞋',
  store: '人民广场店',
  storeAddress: '人民大道 1 号',
  dropOffStore: '静安店',
  dropOffTime: '2026年11月23日 10:00',
  pickUpStore: '人民广场店',
  pickUpTime: '2026年11月27日 15:00',
  readyBy: '2026年11月27日 14:00',
  price: '¥199.00',
  reason: '鞋底开胶',
  link: 'https://welt.example/o/W7K2Q9',
};

/** The promise, or a failure that says what did not end. Takes no time if it does. */
export async function inTime<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what} did not end`));
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
