import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { GoodsModule } from '../goods/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { Shelves } from './shelves.service.ts';
import { WorkLists } from './work-list.service.ts';
import { ShelfResolver, WorkshopResolver } from './workshop.resolver.ts';

/** What is to be done at workshops, and what lies on shelves. */
@Module({
  imports: [CapacityModule, GoodsModule, OrdersModule],
  providers: [ShelfResolver, Shelves, WorkLists, WorkshopResolver],
})
export class WorkshopsModule {}
