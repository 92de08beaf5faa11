import type { DynamicModule, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { pino } from 'pino';

import { AppModule } from '../../src/app.module.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { Ledger } from '../../src/features/capacity/index.ts';
import { ImportNetwork } from '../../src/features/imports/index.ts';
import { readConfig } from '../../src/platform/config/config.ts';
import { NestLog } from '../../src/platform/logging/nest-log.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

/** The features of two processes on one database, without HTTP, with parts of them replaced. */
export class TwoEngines {
  private constructor(
    readonly both: readonly [TestingModule, TestingModule],
    readonly db: pg.Pool,
    private readonly database: TestDatabase,
  ) {}

  static async start(network: NetworkInput, ledger: Type<Ledger> = Ledger): Promise<TwoEngines> {
    const database = await createTestDatabase();
    const both = [
      await anEngine(database.url, ledger),
      await anEngine(database.url, ledger),
    ] as const;
    const db = new pg.Pool({ connectionString: database.url, max: 4 });
    db.on('error', () => undefined);
    const engines = new TwoEngines([...both], db, database);
    const imported = await engines.get(0, ImportNetwork).run(network);
    if (!imported.ok) throw new Error(JSON.stringify(imported.error));
    return engines;
  }

  /** The part of this class in one of the two, counted round. */
  get<Part>(turn: number, part: Type<Part>): Part {
    return this.both[turn % 2]!.get(part, { strict: false });
  }

  async stop(): Promise<void> {
    await Promise.all(this.both.map((engine) => engine.close()));
    await this.db.end();
    await this.database.drop();
  }
}

async function anEngine(databaseUrl: string, ledger: Type<Ledger>): Promise<TestingModule> {
  const config = readConfig({
    NODE_ENV: 'test',
    TOKEN_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
  });
  const log = pino({ level: 'silent' });
  const features: DynamicModule = AppModule.forCommand({ config, databaseUrl, log });
  const engine = await Test.createTestingModule({ imports: [features] })
    .overrideProvider(Ledger)
    .useClass(ledger)
    .setLogger(new NestLog(log))
    .compile();
  return engine.init();
}
