import { EventEmitter, once } from 'node:events';

import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import type { ContractFake, Fault, FaultOutcome, LogicalMessage } from './contract-fake.ts';

export const USER = 'welt-user';
export const PASS = 'welt-p4ssword';

/** Where in the conversation a server says "no". */
export type Step = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

type Answer = (error?: Error | null) => void;

/** A mail server that takes mails for anybody from whoever knows the password. */
export class FakeMailServer implements ContractFake {
  readonly faults: Readonly<Partial<Record<Fault, FaultOutcome>>> = {
    resetAfterHeaders: 'temporary',
    resetAfterBody: 'ambiguous',
    dropResponse: 'ambiguous',
  };
  readonly canRefuse = true;
  readonly canAnswer = false;
  readonly echoes = true;
  readonly secrets: readonly string[] = [];
  readonly messages: LogicalMessage[] = [];
  /** The same mails as they came, and as a program for mails reads them. */
  readonly mails: { readonly raw: string; readonly parsed: ParsedMail }[] = [];
  readonly envelopes: SMTPServerSession['envelope'][] = [];
  attempts = 0;
  requestCount = 0;
  private readonly planned: Fault[] = [];
  private readonly refusals = new Map<Step, Error>();
  private readonly events = new EventEmitter();
  private server: SMTPServer | null = null;
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    await this.accept();
    this.reset();
  }

  async stop(): Promise<void> {
    await this.refuse();
  }

  async refuse(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    this.cutAll(server);
    await new Promise<void>((done) => {
      server.close(done);
    });
  }

  async accept(): Promise<void> {
    if (this.server !== null) return;
    for (let tries = 0; this.server === null; tries++) {
      const port = 20_000 + Math.floor(Math.random() * 12_000);
      this.server = await this.listenAt(port).catch((error: unknown) => {
        if (tries === 20) throw error;
        return null;
      });
      this.port = port;
    }
  }

  reset(): void {
    this.messages.length = 0;
    this.mails.length = 0;
    this.envelopes.length = 0;
    this.planned.length = 0;
    this.refusals.clear();
    this.attempts = 0;
    this.requestCount = 0;
  }

  failNext(fault: unknown): void {
    this.planned.push(fault as Fault);
  }

  /** From now it answers that step with the code and the words. */
  answerAt(step: Step, code: number, words: string): void {
    this.refusals.set(step, Object.assign(new Error(words), { responseCode: code }));
  }

  async stalled(): Promise<void> {
    await once(this.events, 'stalled');
  }

  private async listenAt(port: number): Promise<SMTPServer> {
    const server = new SMTPServer({
      logger: false,
      hideDSN: false,
      authOptional: false,
      authMethods: ['PLAIN', 'LOGIN'],
      allowInsecureAuth: true,
      onConnect: (_session, answer) => {
        this.requestCount++;
        answer(this.refusals.get('connect'));
      },
      onAuth: ({ username, password }, _session, answer) => {
        const refusal = this.refusals.get('auth');
        if (refusal !== undefined) answer(refusal);
        else if (username === USER && password === PASS) answer(null, { user: USER });
        else answer(Object.assign(new Error('5.7.8 Bad login'), { responseCode: 535 }));
      },
      onMailFrom: (_address, _session, answer) => {
        this.attempts++;
        answer(this.refusals.get('mail'));
      },
      onRcptTo: (_address, _session, answer) => {
        if (this.planned[0] === 'resetAfterHeaders') this.cut();
        else answer(this.refusals.get('rcpt'));
      },
      onData: (stream, session, answer) => {
        void this.take(stream, session, answer);
      },
    });
    server.on('error', () => undefined);
    const listening = once(server.listen(port, '127.0.0.1'), 'listening');
    await listening;
    return server;
  }

  private async take(
    stream: SMTPServerDataStream,
    { envelope }: SMTPServerSession,
    answer: Answer,
  ): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    const refusal = this.refusals.get('data');
    if (refusal !== undefined) {
      answer(refusal);
      return;
    }
    await this.record(Buffer.concat(parts), envelope);
    const fault = this.planned.shift();
    if (fault === 'resetAfterBody') this.cut();
    else if (fault === 'dropResponse') this.events.emit('stalled');
    else answer();
  }

  private async record(raw: Buffer, envelope: SMTPServerSession['envelope']): Promise<void> {
    const parsed = await simpleParser(raw);
    const head = (name: string) => parsed.headerLines.find(({ key }) => key === name)?.line;
    const delivery = head('x-delivery-id')?.replace(/^[^:]*:\s*/, '') ?? null;
    this.mails.push({ raw: raw.toString('utf8'), parsed });
    this.envelopes.push(envelope);
    this.messages.push({
      recipient: envelope.rcptTo.map(({ address }) => address).join(),
      text: `${parsed.subject ?? ''}\n${parsed.text ?? ''}`,
      echo: delivery,
      ref: parsed.messageId ?? null,
    });
  }

  private cut(): void {
    this.planned.shift();
    if (this.server !== null) this.cutAll(this.server);
  }

  private cutAll(server: SMTPServer): void {
    for (const { _socket: socket } of server.connections) socket.destroy();
  }
}
