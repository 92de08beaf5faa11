export { AvailabilityModule } from './availability.module.ts';
