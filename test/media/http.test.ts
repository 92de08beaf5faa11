import { describe, expect, it } from 'vitest';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { fastify } from 'fastify';

import { rangeAsked } from '../../src/platform/http/byte-range.ts';
import { limitReceiveTime } from '../../src/platform/http/receive-time.ts';

describe('a range', () => {
  it.each([
    { header: undefined, is: null },
    { header: 'bytes=0-9', is: { first: 0, last: 9 } },
    { header: 'bytes=9-', is: { first: 9, last: 9 } },
    { header: 'bytes=-3', is: { first: 7, last: 9 } },
    { header: 'bytes=-30', is: { first: 0, last: 9 } },
    { header: 'bytes=-0', is: 'none' },
    { header: 'bytes=10-', is: 'none' },
    { header: 'bytes=10-12', is: 'none' },
    { header: 'bytes=5-4', is: null },
    { header: 'bytes=-', is: null },
    { header: 'bytes=0-1,3-4', is: null },
    { header: 'items=0-1', is: null },
    { header: 'bytes=a-b', is: null },
  ])('of ten bytes: $header', ({ header, is }) => {
    expect(rangeAsked(header, 10)).toEqual(is);
  });
});

describe('a request that comes too slowly', () => {
  it('is answered 408, unless its route gives it longer', async () => {
    const server = fastify();
    limitReceiveTime(server, 20);
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    server.post('/short', () => 'took it');
    server.post('/long', { config: { receiveMs: 60_000 } }, () => 'took it');
    const port = await freePort();
    await server.listen({ port, host: '127.0.0.1' });
    const head = (path: string) =>
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-type: a/b\r\n\r\na`;
    const slow = await rawAnswer(port, head('/short'), () => undefined);
    expect(slow).toMatch(/^HTTP\/1\.1 408 /);
    const patient = await rawAnswer(port, head('/long'), (socket) => {
      // By then the other one would have been cut.
      void rawAnswer(port, head('/short'), () => undefined).then(() => socket.end('b'));
    });
    expect(patient).toMatch(/^HTTP\/1\.1 200 /);
    await server.close();
  });
});

function rawAnswer(
  port: number,
  sent: string,
  then: (socket: ReturnType<typeof connect>) => void,
): Promise<string> {
  return new Promise((resolve) => {
    let came = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(sent);
      then(socket);
    });
    socket.on('data', (part) => {
      came += part.toString();
      if (came.includes('\r\n\r\n')) {
        socket.destroy();
        resolve(came);
      }
    });
    socket.on('error', () => undefined);
  });
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => {
        resolve(false);
      });
      probe.listen(port, '127.0.0.1', () => {
        probe.close(() => {
          resolve(true);
        });
      });
    });
    if (isFree) return port;
  }
}
