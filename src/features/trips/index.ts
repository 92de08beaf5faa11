export { TripsModule } from './trips.module.ts';
