import { Module, type DynamicModule } from '@nestjs/common';

import { Clock } from './clock.ts';
import { CONFIG, type Config } from './config/config.ts';
import { MetricsModule } from './metrics/metrics.module.ts';

/** What every feature may have: the settings, the time, and a place for its metrics. */
@Module({})
export class PlatformModule {
  static forRoot(config: Config, clock: Clock = new Clock()): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [MetricsModule],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useValue: clock },
      ],
      exports: [CONFIG, Clock],
    };
  }
}
