import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule, type Ground } from './app.module.ts';
import { Demo } from './features/demo/index.ts';
import { HealthService } from './features/health/index.ts';
import { readConfig } from './platform/config/config.ts';
import { migrate } from './platform/database/data-source.ts';
import { openDatabase } from './platform/database/open-database.ts';
import { ensurePortIsFree } from './platform/http/free-port.ts';
import { createHttpApp } from './platform/http/http-app.ts';
import { createLogger } from './platform/logging/logger.ts';
import { NestLog } from './platform/logging/nest-log.ts';
import { Metrics } from './platform/metrics/metrics.ts';
import { FIRST_QUERY, welcome } from './welcome.ts';

/** How long requests under way may take to end. */
const END_MS = 20_000;

/** Opens the database, brings it up to date, serves; ends in the opposite order. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config);
  const database = await openDatabase(config, log);
  try {
    // Known before the work of the first start, and after it is known that nobody serves this data.
    if (config.ROLE !== 'worker') await ensurePortIsFree(config.PORT, config.HOST);
    const applied = await migrate(database.url);
    if (applied.length > 0) log.info({ applied }, 'database brought up to date');
    survive(log);
    const app = await start({ config, databaseUrl: database.url, log });
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

async function start(ground: Ground): Promise<INestApplicationContext> {
  const { config, log } = ground;
  const logger = new NestLog(log);
  if (config.ROLE === 'worker') {
    const worker = await NestFactory.createApplicationContext(AppModule.forWorker(ground), {
      logger,
    });
    log.info('working; no requests are answered in this role');
    return worker;
  }
  const app = await createHttpApp(AppModule.forRoot(ground), { logger, firstQuery: FIRST_QUERY });
  await app.init();
  app.get(Metrics, { strict: false }).watchProcess();
  if (config.DEMO) await loadDemo(app, ground);
  await warnOfOldZones(app, ground);
  await app.listen(config.PORT, config.HOST);
  await greet(app, ground);
  return app;
}

/** People read a welcome, programs an entry of the log. */
async function greet(app: NestFastifyApplication, { config, log }: Ground): Promise<void> {
  const url = await app.getUrl();
  if (config.NODE_ENV === 'production') {
    log.info(`Welt answers at ${url}/graphql`);
    return;
  }
  const hasDemo = config.DEMO && (await app.get(Demo, { strict: false }).isLoaded());
  process.stdout.write(await welcome(config, url, hasDemo));
}

async function loadDemo(app: INestApplicationContext, { log }: Ground): Promise<void> {
  const loaded = await app.get(Demo, { strict: false }).loadIfEmpty();
  if (loaded !== null) log.info(loaded, 'demo chain loaded');
}

async function warnOfOldZones(app: INestApplicationContext, { log }: Ground): Promise<void> {
  const { timeZoneData } = await app.get(HealthService, { strict: false }).look();
  log.info(timeZoneData, 'time zone data');
  if (timeZoneData.agree === false) log.warn('time zone data of process and database disagree');
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
