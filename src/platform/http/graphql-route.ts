import { Transform, type Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Caller } from '../signin/caller.ts';

/** Largest request of everybody: fifty stores or fifty items need a few kilobytes. */
const BODY_BYTES = 1_000_000;
/** Largest request of headquarters, whose networks are large. */
const HQ_BODY_BYTES = 20_000_000;

const log = new Logger('http');

type CallerOf = (authorization: string | undefined) => Promise<Caller>;

/**
 * Sets up what the GraphQL route needs and its library does not do: limits on the body, faults of HTTP
 * answered in the form of GraphQL, 405 for other methods, and the query page for browsers.
 *
 * To be called before the route is added.
 */
export function guardGraphqlRoute(
  server: FastifyInstance,
  path: string,
  pagePath: string,
  callerOf: CallerOf,
): void {
  server.addHook('onRoute', (route) => {
    if (route.url !== path || !route.method.includes('POST')) return;
    route.bodyLimit = HQ_BODY_BYTES;
    route.errorHandler = answerHttpFault;
    route.preParsing = (request, _reply, body, done) => {
      if (isSmall(request)) {
        done(null, body);
        return;
      }
      void isHeadquarters(request, callerOf).then((large) => {
        if (large) done(null, body);
        else if (request.headers['content-length'] === undefined)
          done(null, upTo(BODY_BYTES, body));
        else done(tooLarge());
      });
    };
    route.onRequest = (request, reply, done) => {
      if (wantsPage(request)) void reply.redirect(pagePath, 303);
      else done();
    };
  });
  server.route({
    url: path,
    method: ['PUT', 'PATCH', 'DELETE'],
    handler: (_request, reply) => {
      void reply.header('allow', 'GET, POST');
      answer(reply, 405, 'Only GET and POST are served here.', 'METHOD_NOT_ALLOWED');
    },
  });
}

/** A person in a browser: asks for HTML and brings no query. */
function wantsPage(request: FastifyRequest): boolean {
  return (
    request.method === 'GET' &&
    !request.url.includes('?') &&
    request.headers.accept?.includes('text/html') === true
  );
}

function isSmall(request: FastifyRequest): boolean {
  // Without a declared length the comparison is with NaN, and false.
  return Number(request.headers['content-length']) <= BODY_BYTES;
}

/**
 * Only headquarters may send more than {@link BODY_BYTES}; nobody more than the route's own limit. A bad
 * token is refused later, with its own answer.
 */
async function isHeadquarters(request: FastifyRequest, callerOf: CallerOf): Promise<boolean> {
  try {
    return (await callerOf(request.headers.authorization)).role === 'hq';
  } catch {
    return false;
  }
}

/** The same body, which fails once more than `limitBytes` of it have come. */
function upTo(limitBytes: number, body: Readable): Readable {
  let receivedBytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      receivedBytes += chunk.length;
      if (receivedBytes > limitBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
  return body.pipe(counted);
}

const tooLarge = (): Error =>
  Object.assign(new Error('The request is too large.'), { statusCode: 413 });

/** What went wrong before GraphQL: a body that is no JSON, too large or of a wrong type. */
function answerHttpFault(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status < 400 || status > 499) {
    log.error(error);
    answer(reply, 500, 'Something went wrong on our side.', 'INTERNAL_SERVER_ERROR');
    return;
  }
  // What is still to come of this request must not be read as the next one.
  if (status === 413) void reply.header('connection', 'close');
  answer(reply, status, error.message, 'BAD_REQUEST');
}

function answer(reply: FastifyReply, status: number, message: string, code: string): void {
  void reply.code(status).send({ errors: [{ message, extensions: { code } }] });
}
