import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';

import { LiveConnection } from '../../src/platform/graphql/live/live-connection.ts';
import { LIVE_LIMITS } from '../../src/platform/graphql/live/live-limits.ts';

const NOW = Date.UTC(2030, 8, 2);
const DAY_MS = 86_400_000;

/** A socket whose other side does what the test says. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly protocol = 'graphql-transport-ws';
  readyState = 1;
  bufferedAmount = 0;
  pings = 0;
  readonly sent: string[] = [];
  ended: string | undefined;

  close(code: number, reason: string): void {
    this.end(`${code} ${reason}`);
  }

  terminate(): void {
    this.end('terminated');
  }

  ping(): void {
    this.pings += 1;
  }

  send(text: string, sent: () => void): void {
    if (this.readyState === this.OPEN) this.sent.push(text);
    sent();
  }

  private end(how: string): void {
    this.ended ??= how;
    this.readyState = 3;
    this.emit('close', 1000, Buffer.from(''));
  }
}

let socket: FakeSocket;
let connection: LiveConnection;
const faults: unknown[] = [];
beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  socket = new FakeSocket();
  connection = new LiveConnection(socket as unknown as WebSocket);
  const server = makeServer<undefined, LiveConnection>({ connectionInitWaitTimeout: 0 });
  connection.serve(server, (fault) => faults.push(fault));
});
afterEach(() => {
  vi.useRealTimers();
  expect(faults.splice(0)).toEqual([]);
});

describe('a live connection', () => {
  it('is cut off when a ping was not answered by the next one', () => {
    connection.ping();
    socket.emit('pong');
    connection.ping();
    expect([socket.pings, socket.ended]).toEqual([2, undefined]);
    connection.ping();
    expect([socket.pings, socket.ended]).toEqual([2, 'terminated']);
  });

  it('is closed when nothing was subscribed to for some time, and not before', () => {
    connection.hasSubscriptions(0);
    vi.advanceTimersByTime(LIVE_LIMITS.idleMs - 1);
    connection.hasSubscriptions(1);
    vi.advanceTimersByTime(10 * LIVE_LIMITS.idleMs);
    expect(socket.ended).toBeUndefined();
    connection.hasSubscriptions(0);
    vi.advanceTimersByTime(LIVE_LIMITS.idleMs - 1);
    expect(socket.ended).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(socket.ended).toBe('1000 Nothing is subscribed to.');
  });

  it.each([
    { what: 'of an hour', lastsMs: 3_600_000 },
    { what: 'that lasts longer than a timer can wait', lastsMs: 60 * DAY_MS },
  ])('is closed when a token $what expires', ({ lastsMs }) => {
    connection.closeWhenExpired(NOW + lastsMs);
    vi.advanceTimersByTime(lastsMs - 1);
    expect(socket.ended).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(socket.ended).toBe('4403 The token has expired.');
  });

  it('is closed at once when the token has expired meanwhile, and never by one without an end', () => {
    connection.closeWhenExpired(null);
    vi.advanceTimersByTime(400 * DAY_MS);
    expect(socket.ended).toBeUndefined();
    connection.closeWhenExpired(Date.now());
    expect(socket.ended).toBe('4403 The token has expired.');
  });

  it('is cut off by a client that does not read what it is sent', async () => {
    const ask = Buffer.from(JSON.stringify({ type: 'ping' }));
    socket.bufferedAmount = LIVE_LIMITS.unreadBytes;
    socket.emit('message', ask);
    await Promise.resolve();
    expect([socket.sent.length, socket.ended]).toEqual([1, undefined]);
    socket.bufferedAmount += 1;
    socket.emit('message', ask);
    await Promise.resolve();
    expect([socket.sent.length, socket.ended]).toEqual([1, 'terminated']);
  });

  it('waits for nothing once it is closed', () => {
    connection.hasSubscriptions(0);
    connection.closeWhenExpired(NOW + DAY_MS);
    socket.terminate();
    expect(vi.getTimerCount()).toBe(0);
  });
});
