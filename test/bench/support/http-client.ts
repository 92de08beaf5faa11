import { createConnection, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

interface Waiting {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (fault: Error) => void;
}

const HEAD_END = '\r\n\r\n';

/**
 * One keep-alive connection that posts JSON, one request at a time. Reads only what it must, so that a
 * load generator on the same machine takes as little as possible from the server that it measures.
 */
export class HttpClient {
  private readonly socket: Socket;
  private readonly head: string;
  private received: Buffer[] = [];
  private receivedBytes = 0;
  private answerBytes = 0;
  private headBytes = 0;
  private waiting: Waiting | undefined;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    const { hostname, port, pathname, host } = new URL(url);
    const lines = Object.entries({ host, 'content-type': 'application/json', ...headers });
    this.head = `POST ${pathname} HTTP/1.1\r\n${lines.map(([k, v]) => `${k}: ${v}\r\n`).join('')}`;
    this.socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', (chunk) => {
      this.take(chunk);
    });
    this.socket.on('error', (fault) => this.waiting?.reject(fault));
    this.socket.on('close', () => this.waiting?.reject(new Error('the server hung up')));
  }

  post(body: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      const length = Buffer.byteLength(body);
      this.socket.write(`${this.head}content-length: ${length}${HEAD_END}${body}`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
    if (this.headBytes === 0) this.readHead();
    if (this.headBytes === 0 || this.receivedBytes < this.answerBytes) return;
    const whole = this.received.length === 1 ? this.received[0]! : Buffer.concat(this.received);
    const status = Number(whole.toString('latin1', 9, 12));
    const body = whole.toString('utf8', this.headBytes, this.answerBytes);
    this.received = [];
    this.receivedBytes = this.answerBytes = this.headBytes = 0;
    this.waiting?.resolve({ status, body });
  }

  private readHead(): void {
    const whole = this.received.length === 1 ? this.received[0]! : Buffer.concat(this.received);
    const end = whole.indexOf(HEAD_END);
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(whole.toString('latin1', 0, end))?.[1];
    if (length === undefined) throw new Error('an answer without its length');
    this.headBytes = end + HEAD_END.length;
    this.answerBytes = this.headBytes + Number(length);
  }
}
