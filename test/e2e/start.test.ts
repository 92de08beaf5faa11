import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

import { runningDatabase } from '../../src/platform/database/embedded/embedded-postgres.ts';
import { readPidFile } from '../../src/platform/database/embedded/postmaster.ts';
import { canEnter } from '../../src/platform/database/embedded/server-user.ts';
import { serverProcesses } from '../../src/platform/process-identity.ts';
import { PROJECT_ROOT } from '../../src/platform/project-root.ts';
import { createEmptyDatabase } from '../support/postgres.ts';
import { ServiceProcess, until } from '../support/service-process.ts';

vi.setConfig({ testTimeout: 240_000 }); // real starts, on a machine that may be busy

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

let directory: string;
let dataDir: string;
let services: ServiceProcess[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'welt-start-'));
  chmodSync(directory, 0o711);
  dataDir = join(directory, 'data');
  services = [];
});

afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()));
  removeServerHome();
  rmSync(directory, { recursive: true, force: true });
});

/** Which may lie elsewhere, see "works below a directory that nobody else may enter". */
function removeServerHome(): void {
  const home = join(dataDir, 'postgres');
  if (existsSync(home)) rmSync(realpathSync(home), { recursive: true, force: true });
}

async function start(env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
  const service = await ServiceProcess.launch({ DATA_DIR: dataDir, ...env });
  services.push(service);
  await service.says('Welt answers at');
  return service;
}

function postgresData(): string {
  return realpathSync(join(dataDir, 'postgres', 'data'));
}

function postgresProcesses(): readonly number[] {
  return serverProcesses(postgresData(), readPidFile(postgresData())?.pid);
}

/** Runs a statement as somebody who knows the password. */
async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(runningDatabase(dataDir));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Writes what {@link kept} looks for. */
async function keep(): Promise<void> {
  await sql('CREATE TABLE kept AS SELECT 1 AS one');
}

async function kept(): Promise<boolean> {
  const [row] = await sql('SELECT one FROM kept');
  return row?.['one'] === 1;
}

describe('the service with a PostgreSQL of its own', () => {
  it('starts on nothing, serves, and keeps password, secret and data to itself', async () => {
    const first = await start();
    const pids = postgresProcesses();
    expect(await first.health()).toBe(200);
    expect(pids.length).toBeGreaterThan(0);

    const { port } = readPidFile(postgresData())!;
    expect(port).toBeLessThan(32_768);
    const stranger = new pg.Client({
      ...{ host: '127.0.0.1', port, user: 'welt', database: 'welt', password: 'guess' },
    });
    await expect(stranger.connect()).rejects.toThrow('password authentication failed');

    const secret = join(dataDir, 'token-secret');
    expect(statSync(secret).mode & 0o777).toBe(0o600);
    expect(readFileSync(secret, 'utf8').trim().length).toBeGreaterThanOrEqual(32);

    const second = await ServiceProcess.launch({ DATA_DIR: dataDir });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output).toContain(
      `Welt already runs on this data: ${first.url.replace('127.0.0.1', 'localhost')}`,
    );
    expect(second.output).toContain(`(pid ${first.pid})`);
    expect(await first.health()).toBe(200);
    expect(postgresProcesses()).toEqual(expect.arrayContaining(pids.slice(0, 1)));
  });

  it('ends in order, leaves no process, and has its data when it starts again', async () => {
    const first = await start();
    await keep();
    expect(await first.stop()).toBe(0);
    expect(postgresProcesses()).toEqual([]);
    expect(readPidFile(postgresData())).toBeUndefined();

    const second = await start();
    expect(await kept()).toBe(true);
    expect(second.output).not.toContain('database brought up to date');
  });

  it('lets one of several through that start at once', async () => {
    const launched = await Promise.all(
      [1, 2, 3].map(() => ServiceProcess.launch({ DATA_DIR: dataDir })),
    );
    services.push(...launched);
    const outcomes = launched.map((service) =>
      Promise.race([
        service.says('Welt answers at').then(
          () => 'serves',
          () => 'ended',
        ),
        service.ended.then(({ code }) => `exit ${code ?? '?'}`),
      ]),
    );
    expect(
      (await Promise.all(outcomes)).map((text) => text.replace('ended', 'exit 1')).sort(),
    ).toEqual(['exit 1', 'exit 1', 'serves']);
  });

  it('does not let its PostgreSQL outlive it, and recovers after everything was killed', async () => {
    const first = await start();
    await keep();
    first.kill('SIGKILL');
    await first.ended;
    await until('PostgreSQL has ended', () => postgresProcesses().length === 0);

    const second = await start();
    expect(await kept()).toBe(true);
    second.kill('SIGSTOP'); // so that it cannot bring PostgreSQL back in between
    for (const pid of postgresProcesses()) process.kill(pid, 'SIGKILL');
    second.kill('SIGKILL');
    await second.ended;
    expect(readPidFile(postgresData())).toBeDefined();

    await start();
    expect(await kept()).toBe(true);
  });

  it('comes back by itself when PostgreSQL alone is killed', async () => {
    const service = await start();
    await keep();
    const before = readPidFile(postgresData())!;
    process.kill(before.pid, 'SIGKILL');

    await service.says('PostgreSQL is back');
    await until('it is healthy', async () => (await service.health()) === 200);
    const after = readPidFile(postgresData())!;
    expect(after.pid).not.toBe(before.pid);
    expect(after.port).toBe(before.port);
    expect(await kept()).toBe(true);
    expect(await service.stop()).toBe(0);
    expect(postgresProcesses()).toEqual([]);
  });

  it('works below a directory that nobody else may enter', async () => {
    const closed = join(directory, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    dataDir = join(closed, 'data');
    const first = await start();
    await keep();
    await first.stop();
    await start();
    expect(await kept()).toBe(true);
  });

  it('works as an ordinary user', async () => {
    if (!IS_ROOT) return; // then all other tests show it
    if (!canEnter(NOBODY, PROJECT_ROOT)) return; // then nobody else can run this checkout at all
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY.uid, NOBODY.gid);
    const service = await ServiceProcess.start({ DATA_DIR: dataDir }, NOBODY);
    services.push(service);
    expect(await service.health()).toBe(200);
  });
});

describe('the service', () => {
  it('does not start with a bad setting, and says which', async () => {
    const service = await ServiceProcess.launch({ DATA_DIR: dataDir, HOLD_SECONDS: '-7' });
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.output).toContain('HOLD_SECONDS');
    expect(service.output).not.toContain('-7');
  });

  it('says so if it cannot write its data', async () => {
    const service = await ServiceProcess.launch({ DATA_DIR: '/dev/null/welt' });
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.output).toContain(
      'cannot write to the data directory /dev/null/welt; set DATA_DIR',
    );
  });

  it('uses the database of DATABASE_URL, several processes at once on an empty one', async () => {
    const database = await createEmptyDatabase();
    const env = { DATABASE_URL: database.url };
    const several = await Promise.all([
      start(env),
      start(env),
      start({ ...env, NODE_ENV: 'production', TOKEN_SECRET: 'x'.repeat(32) }),
    ]);
    expect(await Promise.all(several.map((service) => service.health()))).toEqual([200, 200, 200]);
    await Promise.all(several.map((service) => service.stop()));
    services = [];
    await database.drop();
  });

  it('says so if there is no database at DATABASE_URL, without its password', async () => {
    const { port, hostname } = new URL(process.env['TEST_SERVER_URL']!);
    const url = `postgresql://welt:not-the-password@${hostname}:${port}/welt`;
    const service = await ServiceProcess.launch({ DATABASE_URL: url });
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.output).toContain('the database of DATABASE_URL cannot be used');
    expect(service.output).not.toContain('not-the-password');
  });
});
