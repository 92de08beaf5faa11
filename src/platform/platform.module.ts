import { Module, type DynamicModule } from '@nestjs/common';

import { Clock } from './clock.ts';
import { CONFIG, type Config } from './config/config.ts';

/** What every feature may have: the settings and the time. */
@Module({})
export class PlatformModule {
  static forRoot(config: Config, clock: Clock = new Clock()): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useValue: clock },
      ],
      exports: [CONFIG, Clock],
    };
  }
}
