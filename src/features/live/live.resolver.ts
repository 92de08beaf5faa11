import { Args, Resolver, Subscription } from '@nestjs/graphql';

import type { OrderData } from '../../core/orders/order.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import { orderView } from '../orders/index.ts';
import { OrderFeed } from './order-feed.ts';

@Resolver()
export class LiveResolver {
  constructor(private readonly feed: OrderFeed) {}

  @Subscription('orderChanged', { resolve: orderView })
  @Access('customer', 'staff', 'hq')
  orderChanged(
    @Args('id') id: string,
    @Args('afterVersion') afterVersion: number | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<AsyncIterableIterator<OrderData>> {
    const signedIn = caller as SignedInCaller;
    return this.feed.open({ id, afterVersion: afterVersion ?? null, caller: signedIn });
  }
}
