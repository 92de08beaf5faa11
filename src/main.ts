import type { Logger } from 'pino';

import { readConfig } from './platform/config/config.ts';
import { openDatabase } from './platform/database/open-database.ts';
import { ensurePortIsFree } from './platform/http/free-port.ts';
import { createLogger } from './platform/logging/logger.ts';

/** How long requests under way may take to end. */
const END_MS = 20_000;

/**
 * Opens the database and serves; ends in the opposite order. What serves is by far the most to load: that
 * goes on while the database starts, and a bad setting is told before.
 */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config);
  const program = import('./serve.ts');
  program.catch(() => undefined); // told where it is waited for
  const database = await openDatabase(config, log);
  try {
    // Known before the work of the first start, and after it is known that nobody serves this data.
    if (config.ROLE !== 'worker') await ensurePortIsFree(config.PORT, config.HOST);
    survive(log);
    const { serve } = await program;
    const app = await serve({ config, databaseUrl: database.url, log });
    endOnSignal(async () => {
      await app.close();
      await database.stop();
    });
  } catch (fault) {
    await database.stop();
    throw fault;
  }
}

/** A failure that nobody waits for is a fault to mend, not a reason to leave everybody unanswered. */
function survive(log: Logger): void {
  process.on('unhandledRejection', (err) => {
    log.error({ err }, 'a failure that nobody waited for');
  });
}

/** Once, whatever is sent how often. */
function endOnSignal(end: () => Promise<void>): void {
  let ending: Promise<void> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Whoever still keeps a connection does not keep the service.
      setTimeout(() => process.exit(1), END_MS).unref();
      ending ??= end().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`Welt cannot start: ${(error as Error).message}\n`);
  process.exit(1);
}
