import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

import type { Token } from './service.ts';

/** What a subscription told: a value, or why it ended. */
export type Told =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly errors: readonly { readonly message: string; readonly code: string }[] }
  | { readonly closed: number };

/** A client of the protocol graphql-transport-ws that does not connect again by itself. */
export class LiveClient {
  /** Settled when the connection is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  private readonly client: Client;

  /** @param url of the API over HTTP; without a token as nobody */
  constructor(url: string, token?: Token) {
    let isClosed: (event: { code: number; reason: string }) => void;
    this.closed = new Promise((resolve) => (isClosed = resolve));
    this.client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => undefined,
      connectionParams: async () =>
        token === undefined ? {} : { authorization: `Bearer ${await token}` },
      on: {
        closed: (event) => {
          isClosed(event as { code: number; reason: string });
        },
      },
    });
  }

  subscribe(query: string, variables: Record<string, unknown> = {}): LiveSubscription {
    return new LiveSubscription(this.client, query, variables);
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }
}

/** What is told, in its order, to be waited for one by one. */
export class LiveSubscription {
  private readonly told: Told[] = [];
  private wake: (() => void) | undefined;
  private readonly end: () => void;

  constructor(client: Client, query: string, variables: Record<string, unknown>) {
    this.end = client.subscribe(
      { query, variables },
      {
        next: ({ data, errors }) => {
          this.add(errors === undefined ? { value: data ?? {} } : toldErrors(errors));
        },
        error: (fault) => {
          this.add(
            Array.isArray(fault)
              ? toldErrors(fault as readonly WireError[])
              : { closed: (fault as { code?: number }).code ?? 0 },
          );
        },
        complete: () => undefined,
      },
    );
  }

  /** Waits for it, as long as the test may take. */
  async next(): Promise<Told> {
    while (this.told.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.told.shift()!;
  }

  stop(): void {
    this.end();
  }

  private add(told: Told): void {
    this.told.push(told);
    this.wake?.();
  }
}

interface WireError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

const toldErrors = (errors: readonly WireError[]): Told => ({
  errors: errors.map(({ message, extensions }) => ({
    message,
    code: String(extensions?.['code']),
  })),
});
