import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { GoodsModule } from '../goods/index.ts';
import { GuardModule } from '../guard/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { Manifests } from './manifests.service.ts';
import { TripCalls } from './trip-calls.service.ts';
import { TripRows } from './trip-rows.ts';
import { TripResolver } from './trip.resolver.ts';
import { Trips } from './trips.service.ts';

/** Vans: what should ride, what does, and when they come and leave. */
@Module({
  imports: [CapacityModule, GoodsModule, GuardModule, OrdersModule],
  providers: [Manifests, TripCalls, TripResolver, TripRows, Trips],
})
export class TripsModule {}
