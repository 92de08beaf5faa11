import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { CustomersModule } from '../customers/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { BookOrder } from './book-order.service.ts';
import { CancelOrder } from './cancel-order.service.ts';
import { ChangeMetrics } from './change-metrics.ts';
import { Changes } from './changes.ts';
import { OrderForgetting } from './forgetting.ts';
import { HoldOrder } from './hold-order.service.ts';
import { Holds } from './holds.ts';
import { LedgerAudit } from './ledger-audit.ts';
import { LimitOverrides } from './limit-overrides.ts';
import { MoveAppointment } from './move-appointment.service.ts';
import { OrderChange } from './order-change.ts';
import { OrderHistory } from './order-history.ts';
import { OrderNews } from './order-news.ts';
import { OrderReader } from './order-reader.ts';
import { OrderWriter } from './order-writer.ts';
import { AppointmentResolver, OrderResolver } from './order.resolver.ts';
import { Orders } from './orders.service.ts';
import { RecordProgress } from './record-progress.service.ts';
import { Replans } from './replans.ts';
import { RequestKeys } from './request-keys.ts';

/** Orders: booked, held, moved, cancelled. */
@Module({
  imports: [CapacityModule, CustomersModule, MessagesModule],
  providers: [
    AppointmentResolver,
    BookOrder,
    CancelOrder,
    ChangeMetrics,
    Changes,
    HoldOrder,
    Holds,
    LedgerAudit,
    LimitOverrides,
    MoveAppointment,
    OrderChange,
    OrderForgetting,
    OrderHistory,
    OrderNews,
    OrderReader,
    OrderResolver,
    Orders,
    OrderWriter,
    RecordProgress,
    Replans,
    RequestKeys,
  ],
  exports: [
    BookOrder,
    CancelOrder,
    Changes,
    Holds,
    LimitOverrides,
    MoveAppointment,
    OrderChange,
    OrderForgetting,
    OrderHistory,
    OrderNews,
    OrderReader,
    OrderWriter,
    RecordProgress,
    Replans,
    RequestKeys,
  ],
})
export class OrdersModule {}
