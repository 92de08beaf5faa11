import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

import { serverProcesses } from '../../process-identity.ts';
import type { Cluster } from './cluster.ts';
import type { ServerBinaries } from './server-binaries.ts';
import { asServerUser, type ServerUser } from './server-user.ts';
import { watchOver } from './watchdog.ts';

const POLL_MS = 20;
const START_LIMIT_MS = 120_000;
const STOP_STEPS = [
  { signal: 'SIGINT', limitMs: 20_000 },
  { signal: 'SIGQUIT', limitMs: 5_000 },
  { signal: 'SIGKILL', limitMs: 5_000 },
] as const;
const LONGEST_PAUSE_MS = 5_000;
const LOG_LIMIT_BYTES = 10_000_000;

export interface PostmasterSetup {
  readonly binaries: ServerBinaries;
  readonly user: ServerUser | undefined;
  readonly cluster: Cluster;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Directories to remove if this process dies and the server with it. */
  readonly removeAfter: readonly string[];
}

/** The server process: started, watched, started again on the same port if it dies, stopped. */
export class Postmaster {
  private child: ChildProcess | undefined;
  private stopping = false;
  private readonly stopAtExit = () => this.child?.kill('SIGINT');

  private constructor(private readonly setup: PostmasterSetup) {}

  /** @throws Error with the last lines of the server's log if it does not come up */
  static async start(setup: PostmasterSetup): Promise<Postmaster> {
    const postmaster = new Postmaster(setup);
    await endServerOn(setup.cluster.data);
    await postmaster.launch();
    process.on('exit', postmaster.stopAtExit);
    return postmaster;
  }

  /** Stops the server in order, waiting for no client. Returns when all its processes are gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    await endServerOn(this.setup.cluster.data);
    process.off('exit', this.stopAtExit);
  }

  private async launch(): Promise<void> {
    if (this.stopping) return;
    const { binaries, cluster, user, removeAfter } = this.setup;
    const log = openLog(cluster.logFile);
    const child = spawn(binaries.postgres, ['-D', cluster.data, ...this.flags()], {
      ...asServerUser(user),
      detached: true, // Ctrl-C at the terminal is for us; we stop the server when we are done with it
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const exited = new Promise<string>((resolve) => {
      child.once('error', (error) => {
        resolve(error.message);
      });
      child.once('exit', (code, signal) => {
        resolve(`ended with ${signal ?? `code ${code ?? '?'}`}`);
      });
    });
    this.child = child;
    if (child.pid !== undefined) void exited.then(watchOver(child.pid, removeAfter));
    child.unref();
    const failure = await Promise.race([exited, this.untilReady(child)]);
    if (failure !== undefined) {
      throw new Error(`PostgreSQL did not start (${failure})\n${tail(cluster.logFile)}`);
    }
    void exited.then((reason) => this.relaunch(reason));
  }

  private flags(): string[] {
    const settings = { port: String(this.setup.port), ...this.setup.settings };
    return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  }

  /** The server writes "ready" into its pid file when it takes connections. */
  private async untilReady(child: ChildProcess): Promise<string | undefined> {
    for (let waitedMs = 0; waitedMs < START_LIMIT_MS; waitedMs += POLL_MS) {
      const file = readPidFile(this.setup.cluster.data);
      if (file !== undefined && file.pid === child.pid && file.status === 'ready') return undefined;
      if (child.exitCode !== null || child.signalCode !== null) break;
      await wait(POLL_MS);
    }
    child.kill('SIGKILL');
    return 'not ready in time';
  }

  private async relaunch(reason: string): Promise<void> {
    const { log, cluster } = this.setup;
    for (let pauseMs = 100; !this.stopping; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      log.error({ reason }, 'PostgreSQL is gone, starting it again');
      try {
        await endServerOn(cluster.data);
        await this.launch();
        log.info('PostgreSQL is back');
        return;
      } catch (err) {
        log.error({ err }, 'PostgreSQL could not be started again');
        await wait(pauseMs, undefined, { ref: false });
      }
    }
  }
}

/** What a running or a dead server says of itself in its data directory. */
export function readPidFile(
  data: string,
): { pid: number; port: number; status: string } | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, , , port, , , , status = ''] = lines;
    return { pid: Number(pid), port: Number(port), status: status.trim() };
  } catch {
    return undefined;
  }
}

/**
 * Ends whatever server still runs on the data, and clears the mark that it leaves if it was killed.
 * Only for the owner of the data. The mark may go once no process of that server lives: PostgreSQL
 * itself refuses to start while the process id in it belongs to anything that is alive.
 */
async function endServerOn(data: string): Promise<void> {
  const pidFile = readPidFile(data);
  if (pidFile === undefined) return;
  for (const { signal, limitMs } of STOP_STEPS) {
    for (let waitedMs = 0; waitedMs < limitMs; waitedMs += POLL_MS) {
      const pids = serverProcesses(data, pidFile.pid);
      if (pids.length === 0) {
        rmSync(join(data, 'postmaster.pid'), { force: true });
        return;
      }
      if (waitedMs === 0) signalServer(pids, pidFile.pid, signal);
      await wait(POLL_MS);
    }
  }
  throw new Error(`the old PostgreSQL on ${data} (pid ${pidFile.pid}) cannot be stopped`);
}

/** The postmaster stops its children itself; without it each must be told. */
function signalServer(pids: readonly number[], postmaster: number, signal: NodeJS.Signals): void {
  const alone = pids.includes(postmaster) && signal !== 'SIGKILL';
  for (const pid of alone ? [postmaster] : pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
}
