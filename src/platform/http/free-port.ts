import { createServer } from 'node:net';

const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program',
  EACCES: 'may not be used by this user',
  EADDRNOTAVAIL: 'is not at an address of this machine',
};

/**
 * Makes sure that the service will be able to listen, before anything else is begun.
 *
 * @throws Error in words for people
 */
export async function ensurePortIsFree(port: number, host: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words = WORDS[error.code ?? ''] ?? `cannot be used (${error.code ?? error.message})`;
      reject(new Error(`port ${port} of ${host} ${words}; set PORT or HOST to another one`));
    });
    server.listen(port, host, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
