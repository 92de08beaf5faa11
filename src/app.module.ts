import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';

import { ChannelsModule } from './channels/channels.module.ts';
import type { Channel } from './channels/channel.ts';
import { AccountsModule } from './features/accounts/index.ts';
import { AvailabilityModule } from './features/availability/index.ts';
import { BoardModule } from './features/board/index.ts';
import { CalendarsModule } from './features/calendars/index.ts';
import { DeliveriesModule } from './features/deliveries/index.ts';
import { DemoModule } from './features/demo/index.ts';
import { FindingsModule } from './features/findings/index.ts';
import { GoodsModule } from './features/goods/index.ts';
import { GuardModule } from './features/guard/index.ts';
import { HandoversModule } from './features/handovers/index.ts';
import { HealthModule } from './features/health/index.ts';
import { ImportsModule } from './features/imports/index.ts';
import { LiveModule } from './features/live/index.ts';
import { MediaModule } from './features/media/index.ts';
import { OrdersModule } from './features/orders/index.ts';
import { PolicyModule } from './features/policy/index.ts';
import { PromisesModule } from './features/promises/index.ts';
import { ScansModule } from './features/scans/index.ts';
import { QueueModule } from './features/queue/index.ts';
import { ServicesModule } from './features/services/index.ts';
import { StoresModule } from './features/stores/index.ts';
import { TemplatesModule } from './features/templates/index.ts';
import { TripsModule } from './features/trips/index.ts';
import { WorkshopsModule } from './features/workshops/index.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import type { Clock } from './platform/clock.ts';
import type { Config } from './platform/config/config.ts';
import { DatabaseModule } from './platform/database/database.module.ts';
import { ApiModule } from './platform/graphql/graphql.module.ts';
import { PlatformModule } from './platform/platform.module.ts';
import { tokenSecret } from './platform/signin/token-secret.ts';
import { expiryOfToken, verifyToken } from './platform/signin/token.ts';

/** What the service can do: the map of `src/features`. */
const FEATURES = [
  StoresModule,
  ServicesModule,
  AvailabilityModule,
  PromisesModule,
  OrdersModule,
  GoodsModule,
  HandoversModule,
  FindingsModule,
  ScansModule,
  TripsModule,
  WorkshopsModule,
  GuardModule,
  LiveModule,
  BoardModule,
  MediaModule,
  PolicyModule,
  QueueModule,
  AccountsModule,
  TemplatesModule,
  CalendarsModule,
  DeliveriesModule,
  ImportsModule,
  HealthModule,
  DemoModule,
];

/** What the service stands on. */
export interface Ground {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Ways to reach people. Default: all there are. */
  readonly channels?: readonly Channel[];
}

@Module({})
export class AppModule {
  /** Everything that answers requests, and the jobs too unless the role says otherwise. */
  static forRoot(ground: Ground): DynamicModule {
    const { config } = ground;
    const secret = tokenSecret(config);
    const api = ApiModule.forRootAsync({
      useFactory: () => ({
        verifyToken: (token: string) => verifyToken(secret, token),
        expiryOfToken,
        introspection: config.NODE_ENV !== 'production',
      }),
    });
    const jobs = config.ROLE === 'all' ? [JobsModule] : [];
    return AppModule.with(ground, [api, ...jobs]);
  }

  /** The features and the jobs without any way to reach them from outside. */
  static forWorker(ground: Ground): DynamicModule {
    return AppModule.with(ground, [JobsModule]);
  }

  /** The features alone, for a command. */
  static forCommand(ground: Ground): DynamicModule {
    return AppModule.with(ground, []);
  }

  private static with(ground: Ground, more: NonNullable<DynamicModule['imports']>): DynamicModule {
    const { config, databaseUrl, log, clock, channels } = ground;
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(config, clock),
        DatabaseModule.forRoot(databaseUrl, config.DATABASE_POOL, log),
        ChannelsModule.forRoot(channels),
        ...FEATURES,
        ...more,
      ],
    };
  }
}
