export { HealthModule } from './health.module.ts';
export { HealthService } from './health.service.ts';
export { TimeZoneData } from './time-zone-data.ts';
