import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { textsOf } from './query-texts.ts';

export interface UploadRequest {
  readonly params: Readonly<Record<string, string>>;
  /** Of a name that is given several times, nothing. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Without its parameters; null: not said. */
  readonly contentType: string | null;
  /** Null: not said. */
  readonly contentLength: number | null;
  /** The bytes as they come. Nothing limits them: whoever reads does. */
  readonly body: Readable;
}

export interface UploadReply {
  readonly status: number;
  /** JSON; null: nothing. */
  readonly body: object | null;
}

/**
 * Takes bytes of any type by PUT at `path`. Nobody is signed in here: whoever answers verifies the address.
 *
 * To be called before the server listens.
 *
 * @param receiveMs how long the bytes may take to come
 */
export function addUploadRoute(
  server: FastifyInstance,
  path: string,
  receiveMs: number,
  answer: (request: UploadRequest) => Promise<UploadReply>,
): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.put(path, { config: { receiveMs } }, async (request, reply) => {
      const { status, body } = await answer(uploadRequest(request));
      // What was not read is not waited for.
      if (!request.raw.complete) void reply.header('connection', 'close');
      return body === null ? reply.code(status).send() : reply.code(status).send(body);
    });
    done();
  });
}

function uploadRequest({ params, query, headers, raw }: FastifyRequest): UploadRequest {
  const length = headers['content-length'];
  return {
    params: params as Readonly<Record<string, string>>,
    query: textsOf(query),
    contentType: headers['content-type']?.split(';')[0]?.trim() ?? null,
    contentLength: length === undefined ? null : Number(length),
    body: raw,
  };
}
