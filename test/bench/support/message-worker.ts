import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that sends messages by the service's own code, to a channel that does nothing. */
export class MessageWorker {
  private constructor(private readonly child: ChildProcess) {}

  static async start(databaseUrl: string): Promise<MessageWorker> {
    const program = fileURLToPath(new URL('message-worker-program.js', import.meta.url));
    const child = fork(program, [databaseUrl], { stdio: 'inherit' });
    await once(child, 'message');
    return new MessageWorker(child);
  }

  /** Until nothing is due. */
  async work(): Promise<void> {
    this.child.send('work');
    await once(this.child, 'message');
  }

  async stop(): Promise<void> {
    this.child.send('stop');
    await once(this.child, 'exit');
  }
}
