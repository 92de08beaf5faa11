import { Module } from '@nestjs/common';

import { HEALTH_PROBE } from '../../platform/http/health-route.ts';
import { CapacityModule } from '../capacity/index.ts';
import { HealthResolver } from './health.resolver.ts';
import { HealthService } from './health.service.ts';
import { TimeZoneData } from './time-zone-data.ts';

/** Whether the service can do its work. */
@Module({
  imports: [CapacityModule],
  providers: [
    HealthResolver,
    HealthService,
    TimeZoneData,
    {
      provide: HEALTH_PROBE,
      inject: [HealthService],
      useFactory: (service: HealthService) => () => service.canAnswer(),
    },
  ],
  exports: [HealthService, TimeZoneData],
})
export class HealthModule {}
