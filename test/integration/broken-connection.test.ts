import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pino } from 'pino';
import { DataSource } from 'typeorm';

import { dataSourceOptions, migrate } from '../../src/platform/database/data-source.ts';
import { openDatabase } from '../../src/platform/database/open-database.ts';
import { freePort } from '../../src/platform/database/embedded/free-port.ts';

/** Of the protocol of PostgreSQL: a letter, the length of what follows with itself, and that. */
function message(letter: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(letter), length, body]);
}

const WELCOME = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const GOING = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
);

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([WELCOME, READY, GOING])));
  });
  server.listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  url = `postgresql://welt:none@127.0.0.1:${(server.address() as AddressInfo).port}/welt`;
});

afterAll(() => {
  server.close();
});

// Where an error has no listener the process ends, and with it this test.
it('a server that goes while it greets is a failure of what was asked, and of nothing else', async () => {
  const log = pino({ level: 'silent' });
  const db = new DataSource(dataSourceOptions({ url, poolSize: 2, entities: [], log }));
  await expect(db.initialize()).rejects.toThrow();
  await expect(migrate(url)).rejects.toThrow();
  const config = { DATABASE_URL: url, DATA_DIR: '', HOST: '127.0.0.1', PORT: 1 };
  await openDatabase(config, log).catch(() => undefined);
});
