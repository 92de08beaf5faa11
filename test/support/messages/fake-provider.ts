import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { freePort } from '../../../src/platform/database/embedded/free-port.ts';
import { Random } from '../random.ts';

/** How a provider misbehaves, as shares of all requests. */
export interface Faults {
  readonly refusing: number;
  /** It takes the message and never answers. */
  readonly silent: number;
}

const NO_FAULTS: Faults = { refusing: 0, silent: 0 };
/** Of one message: as many as leave it attempts enough. */
const MOST_FAULTS = 3;

/** A message that a provider took, as often as it did. */
export interface Taken {
  readonly channel: string;
  readonly orderId: string;
  readonly key: string;
  times: number;
}

interface SendBody {
  readonly key: string;
  readonly orderId: string;
}

/**
 * A provider behind HTTP that misbehaves at random: `/send/CHANNEL` takes a message by its key,
 * `/find/KEY` tells whether it has it.
 */
export class FakeProvider {
  faults = NO_FAULTS;
  /** While set, what is taken is not answered before it is released. */
  isHolding = false;
  readonly taken = new Map<string, Taken>();
  refused = 0;
  silent = 0;
  private held: ServerResponse[] = [];
  private readonly faultsOf = new Map<string, number>();
  private readonly random = new Random(1);
  private readonly server: Server;

  private constructor(readonly port: number) {
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
  }

  static async start(): Promise<FakeProvider> {
    const provider = new FakeProvider(await freePort());
    await new Promise<void>((done) => provider.server.listen(provider.port, '127.0.0.1', done));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get holding(): number {
    return this.held.length;
  }

  release(): void {
    this.isHolding = false;
    for (const response of this.held.splice(0)) answerWith(response, 200);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, action, name = ''] = request.url!.split('/');
    const body = await bodyOf(request);
    if (action === 'find') answerWith(response, this.taken.has(name) ? 200 : 404);
    else if (body !== null) this.send(name, JSON.parse(body) as SendBody, response);
  }

  private send(channel: string, { key, orderId }: SendBody, response: ServerResponse): void {
    const roll = this.random.next();
    const faults = this.faultsOf.get(key) ?? 0;
    const { refusing, silent } = faults < MOST_FAULTS ? this.faults : NO_FAULTS;
    if (roll < refusing + silent) this.faultsOf.set(key, faults + 1);
    if (roll < refusing) {
      this.refused += 1;
      answerWith(response, 500);
      return;
    }
    const taken = this.taken.get(key) ?? { channel, orderId, key, times: 0 };
    taken.times += 1;
    this.taken.set(key, taken);
    if (roll < refusing + silent) this.silent += 1;
    else if (this.isHolding) this.held.push(response);
    else answerWith(response, 200);
  }
}

/** null: who sent it went away before it was whole. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  try {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text;
  } catch {
    return null;
  }
}

function answerWith(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
