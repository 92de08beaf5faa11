import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { pino } from 'pino';

import { freePort } from '../../src/platform/database/embedded/free-port.ts';
import { Notifications, type Listener } from '../../src/platform/database/notifications.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.ts';

const SILENT = pino({ level: 'silent' });

let database: TestDatabase;
let db: pg.Pool;
const open: Notifications[] = [];
beforeAll(async () => {
  database = await createEmptyDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 2 });
  db.on('error', () => undefined);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.onModuleDestroy()));
});
afterAll(async () => {
  await db.end();
  await database.drop();
});

/** As one process has them. */
function notifications(url = database.url, patienceMs?: number): Notifications {
  const made = new Notifications(url, SILENT, patienceMs);
  open.push(made);
  return made;
}

/** In front of the database; what hangs is neither closed nor passed on. */
async function startProxy(url: string) {
  const { hostname, port } = new URL(url);
  const open: [Socket, Socket][] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far);
    far.pipe(near);
    open.push([near, far]);
  });
  const proxyPort = await freePort();
  server.listen(proxyPort, '127.0.0.1');
  await once(server, 'listening');
  const address = new URL(url);
  address.port = String(proxyPort);
  return {
    url: address.href,
    hang: () => {
      for (const [near, far] of open) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    stop: async () => {
      for (const socket of open.flat()) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Remembers all, and can wait for it. */
class Ear implements Listener {
  readonly all: string[] = [];
  private readonly told = new EventEmitter();

  heard(payload: string): void {
    this.add(payload);
  }

  missed(): void {
    this.add('missed');
  }

  /** Waits until so much was heard. */
  async until(count: number): Promise<readonly string[]> {
    while (this.all.length < count) await once(this.told, 'more');
    return this.all;
  }

  private add(what: string): void {
    this.all.push(what);
    this.told.emit('more');
  }
}

function listening(to: Notifications, channel = 'news'): Ear {
  const ear = new Ear();
  to.listen(channel, ear);
  return ear;
}

it('tells every process, in order, and the one that told it', async () => {
  const [a, b] = [notifications(), notifications()];
  const [near, far, elsewhere] = [listening(a), listening(b), listening(b, 'other "news"')];
  await Promise.all([near.until(1), far.until(1), elsewhere.until(1)]);
  for (const word of ['1', '2', '3']) a.tell('news', word);
  a.tell('other "news"', '4');
  expect(await near.until(4)).toEqual(['missed', '1', '2', '3']);
  expect(await far.until(4)).toEqual(['missed', '1', '2', '3']);
  expect(await elsewhere.until(2)).toEqual(['missed', '4']);
});

it('says from when on a later listener hears all, and stops when told to', async () => {
  const one = notifications();
  const first = listening(one);
  await first.until(1);
  const second = new Ear();
  const stop = one.listen('news', second);
  one.tell('news', '1');
  expect(await second.until(2)).toEqual(['missed', '1']);
  stop();
  one.tell('news', '2');
  expect(await first.until(3)).toEqual(['missed', '1', '2']);
  expect(second.all).toEqual(['missed', '1']);
});

it('listens again after its connection broke, and says that something may have been missed', async () => {
  const [a, b] = [notifications(), notifications()];
  const [near, far] = [listening(a), listening(b)];
  await Promise.all([near.until(1), far.until(1)]);
  const { rowCount } = await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'welt-listen' AND datname = current_database()`,
  );
  expect(rowCount).toBe(2);
  expect(await near.until(2)).toEqual(['missed', 'missed']);
  await far.until(2);
  b.tell('news', '1');
  expect(await near.until(3)).toEqual(['missed', 'missed', '1']);
});

it('finds a connection that hangs, and takes another', async () => {
  const proxy = await startProxy(database.url);
  const one = notifications(proxy.url, 300);
  const ear = listening(one);
  await ear.until(1);
  proxy.hang();
  one.tell('news', 'told into the void');
  await one.probe();
  expect(await ear.until(3)).toEqual(['missed', 'missed', 'told into the void']);
  await one.onModuleDestroy();
  await proxy.stop();
});

it('keeps what is told while there is no connection', async () => {
  const [a, b] = [notifications(), notifications()];
  const ear = listening(b);
  await ear.until(1);
  a.tell('news', 'before it was connected');
  expect(await ear.until(2)).toEqual(['missed', 'before it was connected']);
});

it('harms nobody where there is no server', async () => {
  const lost = notifications('postgres://nobody@127.0.0.1:1/none');
  const ear = listening(lost);
  lost.tell('news', '1');
  await lost.onModuleDestroy();
  expect(ear.all).toEqual([]);
});
