import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';

import { AppModule } from '../../../src/app.module.ts';
import type { Channel } from '../../../src/channels/channel.ts';
import { readConfig } from '../../../src/platform/config/config.ts';

/** The service's own code in this process, without any way in and without its timers. */
export async function silentService(
  databaseUrl: string,
  channels?: readonly Channel[],
): Promise<INestApplicationContext> {
  const ground = {
    config: readConfig({ DEMO: 'false', TOKEN_SECRET: randomUUID() }),
    databaseUrl,
    log: pino({ level: 'silent' }),
    ...(channels === undefined ? {} : { channels }),
  };
  return NestFactory.createApplicationContext(AppModule.forCommand(ground), { logger: false });
}
