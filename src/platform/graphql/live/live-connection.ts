import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

import type { SignedInCaller } from '../../signin/caller.ts';
import { CLOSED, LIVE_LIMITS } from './live-limits.ts';

/** Longest that a timer can wait. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** One client's socket, with all that ends it. */
export class LiveConnection {
  /** Known once the client has said it. */
  caller: SignedInCaller | undefined;
  private answered = true;
  private idle: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;

  constructor(private readonly socket: WebSocket) {}

  /** @param onFault what went wrong besides what clients do wrong */
  serve(server: Server<LiveConnection>, onFault: (fault: unknown) => void): void {
    const { socket } = this;
    const fail = (fault: unknown): void => {
      onFault(fault);
      this.close(CLOSED.internal);
    };
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) => this.send(text),
        close: (code, reason) => {
          socket.close(code, reason);
        },
        onMessage: (take) => {
          socket.on('message', (data) => {
            take((data as Buffer).toString()).catch(fail);
          });
        },
      },
      this,
    );
    socket.on('pong', () => (this.answered = true));
    // What is too large or no WebSocket frame: the library closes the connection and says why.
    socket.on('error', () => undefined);
    socket.once('close', (code, reason) => {
      clearTimeout(this.idle);
      clearTimeout(this.expiry);
      closed(code, reason.toString()).catch(onFault);
    });
  }

  close([code, reason]: readonly [number, string]): void {
    this.socket.close(code, reason);
  }

  /** Ends a client that has not answered the last ping; there is no more telling it why. */
  ping(): void {
    if (!this.answered) {
      this.socket.terminate();
      return;
    }
    this.answered = false;
    this.socket.ping();
  }

  /** To be told whenever a subscription began or ended. */
  hasSubscriptions(count: number): void {
    clearTimeout(this.idle);
    if (count > 0) return;
    this.idle = setTimeout(() => {
      this.close(CLOSED.idle);
    }, LIVE_LIMITS.idleMs);
    this.idle.unref();
  }

  /** @param expiresAt by the machine's clock; null: never */
  closeWhenExpired(expiresAt: number | null): void {
    if (expiresAt === null) return;
    const leftMs = expiresAt - Date.now();
    if (leftMs <= 0) {
      this.close(CLOSED.expired);
      return;
    }
    this.expiry = setTimeout(
      () => {
        this.closeWhenExpired(expiresAt);
      },
      Math.min(leftMs, MOST_TIMER_MS),
    );
    this.expiry.unref();
  }

  /** Settled when the message is on its way, so that whoever has more to send waits. */
  private send(text: string): Promise<void> {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    if (socket.bufferedAmount > LIVE_LIMITS.unreadBytes) socket.terminate();
    return new Promise((sent) => {
      // One that broke is closed, which ends all that is subscribed to on it.
      socket.send(text, () => {
        sent();
      });
    });
  }
}
