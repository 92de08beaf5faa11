import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A request of another service, exactly as it came. */
export interface HookRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Names in lower case; several of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The very bytes: signatures cover them. */
  readonly body: Uint8Array;
}

export interface HookReply {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

const MOST_BYTES = 256 * 1024;
const NO_BYTES = new Uint8Array();

/**
 * Takes requests of other services at `path`, GET and POST, of any content type. Nobody is signed in here:
 * whoever answers verifies what came.
 *
 * To be called before the server listens.
 */
export function addHookRoute(
  server: FastifyInstance,
  path: string,
  answer: (params: Readonly<Record<string, string>>, request: HookRequest) => Promise<HookReply>,
): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.route({
      url: path,
      method: ['GET', 'POST'],
      bodyLimit: MOST_BYTES,
      handler: async (request, reply) => {
        const params = request.params as Readonly<Record<string, string>>;
        const {
          status,
          contentType = 'text/plain; charset=utf-8',
          body,
        } = await answer(params, hookRequest(request));
        return reply.code(status).type(contentType).send(body);
      },
    });
    done();
  });
}

function hookRequest({ method, raw, headers, body }: FastifyRequest): HookRequest {
  return {
    method,
    target: raw.url ?? '/',
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
    ),
    body: body instanceof Uint8Array ? body : NO_BYTES,
  };
}
