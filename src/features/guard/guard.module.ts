import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { DeliveriesModule } from '../deliveries/index.ts';
import { GoodsModule } from '../goods/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { NetworkModule } from '../network/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { DisruptionRecords } from './disruption-records.ts';
import { DisruptionResolver } from './disruption.resolver.ts';
import { DisruptionRequests } from './disruption-requests.ts';
import { Disruptions } from './disruptions.service.ts';
import { GoneVans } from './gone-vans.ts';
import { GuardTasks } from './guard-tasks.ts';
import { GuardWriter } from './guard-writer.ts';
import { Guard } from './guard.service.ts';
import { MovePickUp } from './move-pick-up.service.ts';
import { MoveVisit } from './move-visit.service.ts';
import { OrderSituations } from './order-situations.ts';
import { PreviewDisruption } from './preview-disruption.service.ts';
import { PromiseSweep } from './promise-sweep.ts';
import { ReplanTurns } from './replan-turns.ts';
import { SeenDelays } from './seen-delays.ts';
import { TouchedOrders } from './touched-orders.ts';
import { VisitResolver } from './visit.resolver.ts';

/** Promises are mended before a customer comes in vain. */
@Module({
  imports: [
    CapacityModule,
    DeliveriesModule,
    GoodsModule,
    MessagesModule,
    NetworkModule,
    OrdersModule,
  ],
  providers: [
    DisruptionRecords,
    DisruptionRequests,
    DisruptionResolver,
    Disruptions,
    GoneVans,
    Guard,
    GuardTasks,
    GuardWriter,
    MovePickUp,
    MoveVisit,
    OrderSituations,
    PreviewDisruption,
    PromiseSweep,
    ReplanTurns,
    SeenDelays,
    TouchedOrders,
    VisitResolver,
  ],
  exports: [Guard, PromiseSweep, SeenDelays],
})
export class GuardModule {}
