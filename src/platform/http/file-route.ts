import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { rangeAsked, type AskedRange } from './byte-range.ts';
import { textsOf } from './query-texts.ts';

export interface FileRequest {
  readonly params: Readonly<Record<string, string>>;
  /** Of a name that is given several times, nothing. */
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly authorization: string | undefined;
}

export interface FoundFile {
  readonly status: 200;
  readonly bytes: number;
  readonly contentType: string;
  /** What it is saved as. */
  readonly filename: string;
  /** The same for the same bytes. */
  readonly tag: string;
  /** How long whoever has it may show it without asking again. */
  readonly freshMs: number;
  /** Both ends included. @returns null: its bytes are gone */
  readonly open: (range?: { first: number; last: number }) => Promise<Readable | null>;
}

export type FileReply = FoundFile | { readonly status: 403 | 404 };

const REFUSALS = {
  403: 'This address is not good, or no longer.\n',
  404: 'There is nothing here.\n',
} as const;

/**
 * Answers GET and HEAD at `path` with a file, or with the part of it that is asked for. Nobody is signed in
 * here: whoever answers verifies the address.
 *
 * To be called before the server listens.
 */
export function addFileRoute(
  server: FastifyInstance,
  path: string,
  answer: (request: FileRequest) => Promise<FileReply>,
): void {
  server.route({
    url: path,
    method: ['GET', 'HEAD'],
    handler: async (request, reply) => {
      const found = await answer(fileRequest(request));
      return found.status === 200 ? sendFile(request, reply, found) : refuse(reply, found.status);
    },
  });
}

function fileRequest({ params, query, headers }: FastifyRequest): FileRequest {
  const { authorization } = headers;
  return {
    params: params as Readonly<Record<string, string>>,
    query: textsOf(query),
    authorization,
  };
}

const refuse = (reply: FastifyReply, status: 403 | 404): FastifyReply =>
  reply.code(status).type('text/plain').send(REFUSALS[status]);

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: FoundFile,
): Promise<FastifyReply> {
  const tag = `"${file.tag}"`;
  void reply.headers({
    'accept-ranges': 'bytes',
    'cache-control': `private, max-age=${Math.floor(file.freshMs / 1000)}, immutable`,
    'content-disposition': `inline; filename*=UTF-8''${encoded(file.filename)}`,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    etag: tag,
  });
  const { 'if-none-match': known, 'if-range': onlyIf, range: wanted } = request.headers;
  if (known?.split(',').some((one) => one.trim() === tag) === true) return reply.code(304).send();
  const range = onlyIf === undefined || onlyIf === tag ? rangeAsked(wanted, file.bytes) : null;
  if (range === 'none') {
    return reply.code(416).header('content-range', `bytes */${file.bytes}`).send();
  }
  return sendBytes(request, reply, file, range);
}

async function sendBytes(
  { method }: FastifyRequest,
  reply: FastifyReply,
  { bytes, contentType, open }: FoundFile,
  range: AskedRange | null,
): Promise<FastifyReply> {
  const length = range === null ? bytes : range.last - range.first + 1;
  const stream = method === 'HEAD' ? undefined : await open(range ?? undefined);
  if (stream === null) return refuse(reply, 404);
  void reply.type(contentType).header('content-length', length);
  if (range !== null) {
    void reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${bytes}`);
  }
  return reply.send(stream);
}

/** As RFC 8187 has it; encodeURIComponent leaves four characters more as they are. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
