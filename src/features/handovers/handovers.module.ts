import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { CustomersModule } from '../customers/index.ts';
import { FindingsModule } from '../findings/index.ts';
import { GoodsModule } from '../goods/index.ts';
import { MediaModule } from '../media/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { QueueModule } from '../queue/index.ts';
import { ConditionPhotos } from './condition-photos.ts';
import { CounterDesk } from './counter-desk.service.ts';
import { CounterOrders } from './counter-orders.ts';
import { GiveGoods } from './give-goods.ts';
import { HandOutSheets } from './hand-out-sheets.ts';
import { HandOut } from './hand-out.service.ts';
import { HandOuts } from './hand-outs.ts';
import { HandoversResolver, WrongStoreResolver } from './handovers.resolver.ts';
import { ReceiveOrder } from './receive-order.service.ts';
import { ReceiveWalkIn } from './receive-walk-in.service.ts';
import { Receipts } from './receipts.ts';
import { TagLabels } from './tag-labels.service.ts';
import { TakeGoods } from './take-goods.ts';
import { VisitEnds } from './visit-ends.ts';

/** Goods over the counter: taken in, tagged, handed out. */
@Module({
  imports: [
    CapacityModule,
    CustomersModule,
    FindingsModule,
    GoodsModule,
    MediaModule,
    OrdersModule,
    QueueModule,
  ],
  providers: [
    ConditionPhotos,
    CounterDesk,
    CounterOrders,
    GiveGoods,
    HandOut,
    HandOuts,
    HandOutSheets,
    HandoversResolver,
    ReceiveOrder,
    ReceiveWalkIn,
    Receipts,
    TagLabels,
    TakeGoods,
    VisitEnds,
    WrongStoreResolver,
  ],
})
export class HandoversModule {}
