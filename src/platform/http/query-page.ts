import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import altair from 'altair-static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import helmet from 'helmet';

/** Where people try queries in. */
export const QUERY_PAGE_PATH = '/try/';

const OPTIONS_SCRIPT = 'welt-options.js';
/** Marks an advertisement that the page would show, of something on the internet, as seen. */
const NO_ADVERTISEMENT = `localStorage.setItem('altair:db:ai-plugin-showcased', '{"value":true}');`;
/** Files change with the version of the page's package only. */
const FILE_CACHE = 'public, max-age=3600';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Everything from here and nothing from elsewhere; no script but the files of the page. */
const DIRECTIVES = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  // The editor writes style elements of its own.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  workerSrc: ["'self'", 'blob:'],
  frameSrc: ["'self'"],
  baseUri: ["'self'"],
  formAction: ["'none'"],
  objectSrc: ["'none'"],
};

const pageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { ...DIRECTIVES, frameAncestors: ["'none'"] },
  },
  // Whoever ends TLS in front of the service decides this.
  strictTransportSecurity: false,
});

/** Of the frame that the page runs a user's own scripts in: cut off from the page and its tokens. */
const frameHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { ...DIRECTIVES, frameAncestors: ["'self'"], sandbox: ['allow-scripts'] },
  },
  frameguard: { action: 'sameorigin' },
  strictTransportSecurity: false,
});

/**
 * Serves a GraphQL client as a page below {@link QUERY_PAGE_PATH}, all of it from the files of the
 * package altair-static: it works without the internet.
 *
 * @param endpoint path that the page sends queries to
 * @param firstQuery what the editor shows at first
 */
export function addQueryPage(server: FastifyInstance, endpoint: string, firstQuery: string): void {
  const html = altair.renderAltair({
    baseURL: QUERY_PAGE_PATH,
    serveInitialOptionsInSeperateRequest: OPTIONS_SCRIPT,
  });
  const options = altair.renderInitSnippet({
    endpointURL: endpoint,
    initialQuery: firstQuery,
    initialHeaders: { Authorization: '' },
    disableAccount: true,
  });
  const script = `${NO_ADVERTISEMENT}${options}`;
  const folder = altair.getDistDirectory();
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file).split(sep).join('/'), file]),
  );

  server.get<{ Params: { '*': string } }>(`${QUERY_PAGE_PATH}*`, async (request, reply) => {
    const name = request.params['*'];
    if (name === '' || name === 'index.html') return sendText(reply, '.html', html);
    if (name === OPTIONS_SCRIPT) return sendText(reply, '.js', script);
    const file = files.get(name);
    if (file === undefined) return reply.code(404).send({ message: 'Not found.' });
    await setHeaders(reply, altair.isSandboxFrame(name) ? frameHeaders : pageHeaders);
    return reply
      .header('cache-control', FILE_CACHE)
      .type(TYPES[extname(name)] ?? 'application/octet-stream')
      .send(await readFile(file));
  });
}

async function sendText(reply: FastifyReply, type: string, text: string): Promise<FastifyReply> {
  await setHeaders(reply, pageHeaders);
  return reply.type(TYPES[type] ?? 'text/plain').send(text);
}

async function setHeaders(reply: FastifyReply, headers: typeof pageHeaders): Promise<void> {
  reply.removeHeader('content-security-policy');
  await new Promise<void>((resolve, reject) => {
    headers(reply.request.raw, reply.raw, (error) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('page headers'));
    });
  });
}
