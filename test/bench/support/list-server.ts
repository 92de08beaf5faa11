import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startSampleApp } from '../../support/graphql/sample-app.ts';

/**
 * A process of its own for one side of the bench `list`: argument `graphql` for the real API module,
 * anything else for a bare server. Says where it listens; the argument after it is the answer.
 */
async function serve(side: string | undefined, answer: string | undefined): Promise<string> {
  if (side === 'graphql') return (await startSampleApp()).url;
  const data: unknown = JSON.parse(answer ?? 'null');
  const server = createServer((request, reply) => {
    request.resume();
    request.on('end', () => {
      const body = JSON.stringify(data);
      reply.setHeader('content-type', 'application/json; charset=utf-8');
      reply.setHeader('content-length', Buffer.byteLength(body));
      reply.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

process.send?.(await serve(process.argv[2], process.argv[3]));
