import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { TestClock } from '../../support/test-clock.ts';
import {
  HTTP_FAULTS,
  STALLING,
  type ContractFake,
  type FakeAnswer,
  type Fault,
  type FaultOutcome,
  type LogicalMessage,
} from './contract-fake.ts';

/** One request as it came. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query, not decoded: what signatures are computed over. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** More than a client should read of any answer. */
const HUGE_BYTES = 300 * 1024;
/** Larger than a number can hold: whoever reads ids as numbers is found out. */
const FIRST_ID = 1_029_457_500_870_543_736n;
/** Fields in which providers say in words what was wrong. */
const WORDS = [
  ...['errmsg', 'message', 'Message', 'msg', 'description', 'error', 'detail', 'reason'],
  ...['StatusMessage', 'error_description'],
];

/**
 * A provider over HTTP: one server on a free port, with faults on demand.
 *
 * A provider's own fake says which requests carry a message and answers requests, as strictly as the
 * provider does: {@link record} notes what a person would have received.
 */
export abstract class FakeProvider implements ContractFake {
  readonly faults: Readonly<Partial<Record<Fault, FaultOutcome>>> = HTTP_FAULTS;
  readonly canRefuse = true;
  readonly canAnswer = true;
  readonly requests: ReceivedRequest[] = [];
  attempts = 0;
  protected readonly recorded: LogicalMessage[] = [];
  private readonly planned: (Fault | FakeAnswer)[] = [];
  private readonly events = new EventEmitter();
  private server: Server | null = null;
  private port = 0;
  private nextId = FIRST_ID;

  constructor(readonly clock: TestClock) {}

  abstract readonly echoes: boolean;
  abstract readonly secrets: readonly string[];
  /** Whether it tries to hand over a message. */
  protected abstract carriesMessage(request: ReceivedRequest): boolean;
  protected abstract answer(request: ReceivedRequest): FakeAnswer;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get messages(): readonly LogicalMessage[] {
    return this.recorded;
  }

  get requestCount(): number {
    return this.requests.length;
  }

  async start(): Promise<void> {
    await this.accept();
    this.reset();
  }

  async stop(): Promise<void> {
    await this.refuse();
  }

  /** Nobody listens any more where it was. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  async accept(): Promise<void> {
    if (this.server !== null) return;
    this.server = await listening((request, response) => {
      void this.serve(request, response);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  reset(): void {
    this.requests.length = 0;
    this.recorded.length = 0;
    this.planned.length = 0;
    this.attempts = 0;
  }

  failNext(fault: Fault | FakeAnswer): void {
    this.planned.push(fault);
  }

  async stalled(): Promise<void> {
    await once(this.events, 'stalled');
  }

  protected record(message: LogicalMessage): void {
    this.recorded.push(message);
  }

  /** A number of a message; written into JSON as a number it is too large for one. */
  protected newId(): string {
    return String(this.nextId++);
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const head = headOf(incoming);
    const isAttempt = this.carriesMessage({ ...head, body: Buffer.alloc(0) });
    if (isAttempt) this.attempts++;
    const fault = isAttempt ? this.planned.shift() : undefined;
    if (fault === 'resetAfterHeaders') {
      this.requests.push({ ...head, body: Buffer.alloc(0) });
      incoming.socket.resetAndDestroy();
      return;
    }
    try {
      const request = { ...head, body: await bodyOf(incoming) };
      this.requests.push(request);
      this.reply(request, response, fault);
    } catch (error) {
      write(response, { status: 599, body: `the fake itself failed: ${String(error)}` });
    }
  }

  private reply(
    request: ReceivedRequest,
    response: ServerResponse,
    fault: Fault | FakeAnswer | undefined,
  ): void {
    if (fault === 'redirect') {
      write(response, { status: 307, headers: { location: '/elsewhere' } });
    } else if (fault === 'tellTale') {
      write(response, telling(request));
    } else if (typeof fault === 'object') {
      write(response, fault);
    } else {
      const answer = this.answer(request);
      if (fault === undefined) write(response, answer);
      else this.spoil(response, fault);
    }
  }

  private spoil(response: ServerResponse, fault: Fault): void {
    if (fault === 'resetAfterBody') response.socket?.resetAndDestroy();
    if (fault === 'invalidJson') write(response, { body: '<html>It works!</html>' });
    if (fault === 'hugeBody') write(response, { body: ' '.repeat(HUGE_BYTES) });
    if (fault === 'slowBody') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{');
    }
    if (STALLING.has(fault)) this.events.emit('stalled');
  }
}

/** The system's own choice of ports overlaps with outgoing connections, so take one below them. */
export async function listening(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  for (let tries = 0; ; tries++) {
    const server = createServer(handler);
    try {
      server.listen(20_000 + Math.floor(Math.random() * 12_000), '127.0.0.1');
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

function headOf(incoming: IncomingMessage): Omit<ReceivedRequest, 'body'> {
  const target = incoming.url ?? '/';
  const { pathname, searchParams } = new URL(target, 'http://fake');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: searchParams,
    target,
    headers: Object.fromEntries(headers) as Record<string, string>,
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Closes the connection after it: one that is kept would blur what refusing means. */
function write(response: ServerResponse, { status = 200, headers = {}, body }: FakeAnswer): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': typeof body === 'object' ? 'application/json' : 'text/plain',
    connection: 'close',
    ...headers,
  });
  response.end(text);
}

/** A refusal that repeats all that was received, as careless providers do. */
function telling({ target, headers, body }: ReceivedRequest): FakeAnswer {
  const words = `${target} ${JSON.stringify(headers)} ${body.toString('utf8')}`;
  return {
    status: 400,
    body: {
      ...Object.fromEntries(WORDS.map((name) => [name, words])),
      ...{ errcode: 987654, code: 987654, ok: false, error_code: 400 },
    },
  };
}
