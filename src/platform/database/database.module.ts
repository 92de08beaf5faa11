import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';

import { dataSourceOptions } from './data-source.ts';

/** The one connection pool of the process, for every feature. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly db: DataSource) {}

  static forRoot(url: string, poolSize: number, log: Logger): DynamicModule {
    const open = () =>
      new DataSource(dataSourceOptions({ url, poolSize, entities: [], log })).initialize();
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: DataSource, useFactory: open }],
      exports: [DataSource],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
  }
}
