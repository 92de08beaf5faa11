import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { AvailabilityResolver } from './availability.resolver.ts';
import { Availability } from './availability.service.ts';

/** Which slots can be booked, at which stores. */
@Module({ imports: [CapacityModule], providers: [Availability, AvailabilityResolver] })
export class AvailabilityModule {}
