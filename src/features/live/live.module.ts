import { Module } from '@nestjs/common';

import { OrdersModule } from '../orders/index.ts';
import { LiveResolver } from './live.resolver.ts';
import { OrderFeed } from './order-feed.ts';
import { WatchedOrders } from './watched-orders.ts';

/** What happens to orders, told while it happens. */
@Module({ imports: [OrdersModule], providers: [LiveResolver, OrderFeed, WatchedOrders] })
export class LiveModule {}
