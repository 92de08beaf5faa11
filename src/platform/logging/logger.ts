import { pino, type DestinationStream, type Logger } from 'pino';

import type { Config } from '../config/config.ts';
import { loggedError } from './logged-error.ts';
import { readable } from './readable-lines.ts';

/**
 * The log of the process, on standard output: one line of JSON an entry in production, a readable line
 * elsewhere. Entries carry ids, never names, addresses or telephone numbers. Pass a fault as `err`.
 */
export function createLogger(
  config: Pick<Config, 'LOG_LEVEL' | 'NODE_ENV'>,
  out: DestinationStream = process.stdout,
): Logger {
  return pino(
    {
      level: config.LOG_LEVEL,
      base: null,
      serializers: { err: loggedError },
      redact: { paths: ['authorization', 'password', 'token', 'secret', '*.authorization'] },
    },
    config.NODE_ENV === 'production' ? out : readable(out),
  );
}
