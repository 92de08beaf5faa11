import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { GraphQLSchemaHost } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type Context, type Server } from 'graphql-ws';
import { WebSocketServer } from 'ws';

import type { BearerTokens } from '../../signin/bearer.ts';
import type { SignedInCaller } from '../../signin/caller.ts';
import { LiveConnection } from './live-connection.ts';
import { CLOSED, LIVE_LIMITS } from './live-limits.ts';
import { liveOperation, shownError, subscribeOrFail } from './live-operation.ts';

export interface LiveOptions {
  /** Of the WebSocket; any other path is refused. */
  readonly path: string;
  /** Whether messages may name parts of the schema that the client did not. */
  readonly introspection: boolean;
}

type Connected = Context<Record<string, unknown> | undefined, LiveConnection>;

/**
 * Subscriptions over WebSocket, by the protocol `graphql-transport-ws`, for those who are signed in: the
 * client's `connection_init` carries `authorization`, as in the header of a request.
 */
export class LiveConnections implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('live');
  private readonly connections = new Set<LiveConnection>();
  private readonly sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols,
    maxPayload: LIVE_LIMITS.messageBytes,
    perMessageDeflate: false,
  });
  private pings: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: LiveOptions,
    private readonly bearers: BearerTokens,
    private readonly schemas: GraphQLSchemaHost,
    private readonly adapters: HttpAdapterHost,
  ) {}

  get count(): number {
    return this.connections.size;
  }

  onApplicationBootstrap(): void {
    const server = this.protocol();
    const http = this.adapters.httpAdapter.getHttpServer() as HttpServer;
    http.on('upgrade', (request, socket, head) => {
      this.upgrade(server, request, socket, head);
    });
    this.pings = setInterval(() => {
      for (const connection of this.connections) connection.ping();
    }, LIVE_LIMITS.pingMs);
    this.pings.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.pings);
    for (const connection of this.connections) connection.close(CLOSED.shuttingDown);
  }

  private upgrade(
    server: Server<LiveConnection>,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    if (request.url?.split('?')[0] !== this.options.path) {
      refuse(socket, '404 Not Found');
      return;
    }
    if (this.connections.size >= LIVE_LIMITS.connections) {
      refuse(socket, '503 Service Unavailable');
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new LiveConnection(webSocket);
      this.connections.add(connection);
      webSocket.once('close', () => this.connections.delete(connection));
      connection.serve(server, (fault) => {
        this.log.error(fault, 'a live connection');
      });
    });
  }

  private protocol(): Server<LiveConnection> {
    const { schema } = this.schemas;
    return makeServer<Record<string, unknown> | undefined, LiveConnection>({
      connectionInitWaitTimeout: LIVE_LIMITS.initMs,
      onConnect: (context) => this.signIn(context),
      onSubscribe: (context, id, payload) => {
        const others = othersThan(id, context);
        if (others >= LIVE_LIMITS.subscriptionsOfConnection) return [TOO_MANY];
        context.extra.hasSubscriptions(others + 1);
        const operation = liveOperation(schema, payload, !this.options.introspection);
        if (!('schema' in operation)) return [...operation];
        return { ...operation, contextValue: { caller: context.extra.caller } };
      },
      subscribe: subscribeOrFail,
      onNext: (_context, _id, _payload, _args, { errors, data }) =>
        errors === undefined ? undefined : { data, errors: errors.map(shownError) },
      onError: (context, id, _payload, errors) => {
        context.extra.hasSubscriptions(othersThan(id, context));
        return errors.map(shownError);
      },
      onComplete: (context, id) => {
        context.extra.hasSubscriptions(othersThan(id, context));
      },
    });
  }

  /** @returns false: nobody is known by what came, and the connection is closed */
  private async signIn({ extra, connectionParams }: Connected): Promise<boolean> {
    const given = connectionParams?.['authorization'];
    const header = typeof given === 'string' ? given : undefined;
    const caller = await this.bearers.callerOf(header).catch(unlessRefused);
    if (header === undefined || caller === null || caller.role === 'anonymous') {
      extra.close(CLOSED.unauthenticated);
      return false;
    }
    extra.caller = caller satisfies SignedInCaller;
    extra.closeWhenExpired(this.bearers.expiryOf(header));
    extra.hasSubscriptions(0);
    return true;
  }
}

const TOO_MANY = new GraphQLError(
  `A connection has at most ${LIVE_LIMITS.subscriptionsOfConnection} subscriptions.`,
  { extensions: { code: 'BAD_REQUEST' } },
);

/** How many other subscriptions the connection has. */
const othersThan = (id: string, { subscriptions }: Connected): number =>
  Object.keys(subscriptions).filter((other) => other !== id).length;

/** Of what proves nothing; anything else is a fault. */
function unlessRefused(error: unknown): null {
  if (error instanceof GraphQLError) return null;
  throw error;
}

/** An answer of HTTP, as nothing else was agreed on yet. */
function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
