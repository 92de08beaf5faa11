import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { textsOf } from './query-texts.ts';

export interface TextRequest {
  /** The last part of the path. */
  readonly file: string;
  /** Of a name that is given several times, nothing. */
  readonly query: Readonly<Record<string, string | undefined>>;
}

/**
 * Answers GET at `path`, whose last part is `:file`, with a text that is fetched again and again: who has
 * it already is told so, without sending it.
 *
 * To be called before the server listens.
 *
 * @param answer null: there is nothing there
 */
export function addTextRoute(
  server: FastifyInstance,
  path: string,
  contentType: string,
  answer: (request: TextRequest) => Promise<string | null>,
): void {
  server.get(path, async (request, reply) => {
    const text = await answer(textRequest(request));
    if (text === null) return reply.code(404).type('text/plain').send('There is nothing here.\n');
    return sendUnlessKnown(request, reply.type(contentType), text);
  });
}

function textRequest({ params, query }: FastifyRequest): TextRequest {
  const { file } = params as { readonly file: string };
  return { file, query: textsOf(query) };
}

/** Only whoever asked may keep it, and only to ask whether it is still so. */
function sendUnlessKnown(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  void reply.headers({ 'cache-control': 'private, no-cache', etag: tag });
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim());
  const hasIt = known?.some((one) => one === tag || one === `W/${tag}` || one === '*') === true;
  return hasIt ? reply.code(304).send() : reply.send(text);
}
