import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule, type Ground } from './app.module.ts';
import { Demo } from './features/demo/index.ts';
import { HealthService } from './features/health/index.ts';
import { migrate } from './platform/database/data-source.ts';
import { createHttpApp } from './platform/http/http-app.ts';
import { NestLog } from './platform/logging/nest-log.ts';
import { Metrics } from './platform/metrics/metrics.ts';
import { FIRST_QUERY, welcome } from './welcome.ts';

/** Brings the database up to date and does what the process is there for, until it is closed. */
export async function serve(ground: Ground): Promise<INestApplicationContext> {
  const applied = await migrate(ground.databaseUrl);
  if (applied.length > 0) ground.log.info({ applied }, 'database brought up to date');
  return ground.config.ROLE === 'worker' ? work(ground) : answer(ground);
}

async function work(ground: Ground): Promise<INestApplicationContext> {
  const module = AppModule.forWorker(ground);
  const logger = new NestLog(ground.log);
  const worker = await NestFactory.createApplicationContext(module, { logger });
  ground.log.info('working; no requests are answered in this role');
  return worker;
}

async function answer(ground: Ground): Promise<INestApplicationContext> {
  const { config, log } = ground;
  const logger = new NestLog(log);
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
