import type { DynamicModule, LoggerService, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** Time that a client has to send a request, so that a slow one cannot keep a connection for ever. */
const RECEIVE_MS = 30_000;

/**
 * The service over HTTP, not yet listening.
 *
 * Nest's own body parsers stay off: they would accept forms, which any page of another site can send.
 *
 * @param root the module that imports all that is to be served
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  logger: LoggerService,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    logger: false,
    requestTimeout: RECEIVE_MS,
    forceCloseConnections: 'idle',
  });
  // Nest declares its options as a class that does not exist at run time.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const options: NestApplicationOptions = { logger, bodyParser: false };
  return NestFactory.create<NestFastifyApplication>(root, adapter, options);
}
