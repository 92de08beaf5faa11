import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { freePort } from '../../src/platform/database/embedded/free-port.ts';
import { PROJECT_ROOT } from '../../src/platform/project-root.ts';

const PROGRAM = join(PROJECT_ROOT, '.config', 'run.mjs');

/** Without the demo: a test that wants it asks for it. */
const SETTINGS = { NODE_ENV: 'development', DEMO: 'false', LOG_LEVEL: 'info' };

const LONGEST_WAIT_MS = 100_000;

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The service as a process of its own, as `npm start` runs it. */
export class ServiceProcess {
  /** All that it has written to standard output and error. */
  output = '';
  /** Settled when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  private readonly child: ChildProcess;

  private constructor(
    readonly url: string,
    env: NodeJS.ProcessEnv,
    account?: Account,
  ) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [PROGRAM, 'main'], {
      env: { PATH, HOME, ...SETTINGS, ...env },
      cwd: '/',
      ...account,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        this.child.emit('output');
      });
    }
    this.ended = once(this.child, 'close').then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }));
  }

  /** Starts it on a free port; does not wait for anything. */
  static async launch(env: NodeJS.ProcessEnv, account?: Account): Promise<ServiceProcess> {
    const port = await freePort();
    return new ServiceProcess(`http://127.0.0.1:${port}`, { PORT: String(port), ...env }, account);
  }

  /** Starts it and waits until it answers. @throws Error with its output if it ends instead */
  static async start(env: NodeJS.ProcessEnv, account?: Account): Promise<ServiceProcess> {
    const service = await ServiceProcess.launch(env, account);
    await service.says('Welt answers at');
    return service;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** @throws Error with its output if it ends, or a long time passes, without the text */
  async says(text: string): Promise<void> {
    const tooLong = setTimeout(() => this.child.emit('output'), LONGEST_WAIT_MS);
    const limit = Date.now() + LONGEST_WAIT_MS;
    const ended = this.ended.then(() => true);
    while (!this.output.includes(text) && Date.now() < limit) {
      if (await Promise.race([ended, once(this.child, 'output').then(() => false)])) break;
    }
    clearTimeout(tooLong);
    if (!this.output.includes(text)) throw new Error(`it did not say "${text}":\n${this.output}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it in order. @returns its exit code */
  async stop(): Promise<number | null> {
    this.kill('SIGTERM');
    return (await this.ended).code;
  }

  async health(): Promise<number> {
    const response = await fetch(`${this.url}/health`);
    await response.arrayBuffer();
    return response.status;
  }

  async ask(query: string): Promise<unknown> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  }
}

/** Asks again and again, without a pause to guess, until the answer is as wanted. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const limit = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
