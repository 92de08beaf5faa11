import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { PROJECT_ROOT } from '../../../src/platform/project-root.ts';
import { TOKEN_SECRET } from '../service.ts';

const PROGRAM = ['test', 'support', 'messages', 'worker'];

/** Compiles what workers run. Safe beside others that do the same. */
export function buildWorkers(): void {
  const build = join(PROJECT_ROOT, '.config', 'build.mjs');
  for (const parts of [[], [PROGRAM.join('/')]]) {
    const { status, stderr } = spawnSync(process.execPath, [build, ...parts], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
}

export interface WorkerSettings {
  readonly databaseUrl: string;
  readonly providerUrl: string;
  /** When the clock of the service and that of the machine were the same. */
  readonly begin: number;
  /** How many times faster the clock of the service runs since. */
  readonly speed: number;
}

/** A process that does nothing but the jobs of the service, with the channels of {@link FakeProvider}. */
export class MessageWorker {
  private static readonly living = new Set<MessageWorker>();

  isWorking = false;
  hasEnded = false;
  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    MessageWorker.living.add(this);
    this.ended = once(child, 'exit').then(() => {
      this.hasEnded = true;
      MessageWorker.living.delete(this);
    });
  }

  /** Ready to begin, and not working. */
  static async load({ databaseUrl, providerUrl, begin, speed }: WorkerSettings) {
    const program = join(PROJECT_ROOT, '.build', ...PROGRAM, 'program.js');
    const values = [databaseUrl, providerUrl, String(begin), String(speed), TOKEN_SECRET];
    const worker = new MessageWorker(fork(program, values, { stdio: 'inherit', execArgv: [] }));
    await worker.says();
    return worker;
  }

  static async start(settings: WorkerSettings): Promise<MessageWorker> {
    const worker = await MessageWorker.load(settings);
    await worker.work();
    return worker;
  }

  async work(): Promise<void> {
    this.child.send('work');
    await this.says();
    this.isWorking = true;
  }

  /** Whatever was left by a test that failed. */
  static async killAll(): Promise<void> {
    await Promise.all([...MessageWorker.living].map((worker) => worker.kill()));
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  /** How often it was refused to write, as what it had was another's by then. */
  async late(): Promise<number> {
    this.child.send('late');
    return ((await this.says()) as { readonly late: number }).late;
  }

  private async says(): Promise<unknown> {
    const ended = this.ended.then(() => {
      throw new Error('the worker has ended');
    });
    const [said] = (await Promise.race([once(this.child, 'message'), ended])) as unknown[];
    return said;
  }
}
