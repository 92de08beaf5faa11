import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';

import { dataSourceOptions } from './data-source.ts';
import { Notifications } from './notifications.ts';

/** The one connection pool of the process, and the one connection that listens, for every feature. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly db: DataSource) {}

  static forRoot(url: string, poolSize: number, log: Logger): DynamicModule {
    const open = () =>
      new DataSource(dataSourceOptions({ url, poolSize, entities: [], log })).initialize();
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: DataSource, useFactory: open },
        { provide: Notifications, useFactory: () => new Notifications(url, log) },
      ],
      exports: [DataSource, Notifications],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
  }
}
