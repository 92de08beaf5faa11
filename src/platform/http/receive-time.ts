import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long a request of this route may take to come, where it is not as long as of all others. */
    receiveMs?: number;
  }
}

/** Longest that any route may grant, which the server itself keeps to as well. */
export const MOST_RECEIVE_MS = 15 * 60_000;

/**
 * Gives each request a time to come in, so that a slow client cannot keep a connection for ever. Only
 * those with a body are watched: a head has a limit of the server's own.
 *
 * @param receiveMs of routes that do not say otherwise
 */
export function limitReceiveTime(server: FastifyInstance, receiveMs: number): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (hasBody(request)) watch(request, reply, request.routeOptions.config.receiveMs ?? receiveMs);
    done();
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function watch({ raw }: FastifyRequest, reply: FastifyReply, receiveMs: number): void {
  const timer = setTimeout(() => {
    if (raw.complete) return;
    if (!reply.raw.headersSent) raw.socket.write(TOO_SLOW);
    raw.destroy();
  }, receiveMs);
  timer.unref();
  raw.once('close', () => {
    clearTimeout(timer);
  });
}

const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
