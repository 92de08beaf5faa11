import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { DeliveriesModule } from '../deliveries/index.ts';
import { GoodsModule } from '../goods/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { NetworkModule } from '../network/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { GuardTasks } from './guard-tasks.ts';
import { GuardWriter } from './guard-writer.ts';
import { Guard } from './guard.service.ts';
import { OrderSituations } from './order-situations.ts';
import { ReplanTurns } from './replan-turns.ts';

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
  providers: [Guard, GuardTasks, GuardWriter, OrderSituations, ReplanTurns],
  exports: [Guard],
})
export class GuardModule {}
