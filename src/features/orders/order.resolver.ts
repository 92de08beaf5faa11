import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import type { Store } from '../../core/network/network.ts';
import type { AppointmentData } from '../../core/orders/order.ts';
import type { PageRequest } from '../../platform/graphql/page.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, CustomerCaller, SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { BookOrder } from './book-order.service.ts';
import { HoldOrder } from './hold-order.service.ts';
import { bookingRequest, holdRequest, type BookOrderInput } from './order-input.ts';
import { holdAnswer, orderAnswer, orderView } from './order.view.ts';
import { Orders } from './orders.service.ts';

@Resolver('Order')
@Access('customer', 'staff', 'hq')
export class OrderResolver {
  constructor(
    private readonly orders: Orders,
    private readonly bookings: BookOrder,
    private readonly holdings: HoldOrder,
  ) {}

  @Query('order')
  async order(@Args('id') id: string, @CurrentCaller() caller: Caller) {
    const order = await this.orders.find(id, caller as SignedInCaller);
    return order === null ? null : orderView(order);
  }

  @Query('myOrders')
  @Access('customer')
  async myOrders(@Args() page: PageRequest, @CurrentCaller() caller: Caller) {
    return (await this.orders.ownedBy(caller as CustomerCaller, page)).map(orderView);
  }

  @Mutation('bookOrder')
  async bookOrder(@Args('input') input: BookOrderInput, @CurrentCaller() caller: Caller) {
    return orderAnswer(await this.bookings.run(bookingRequest(input, caller)));
  }

  @Mutation('holdOrder')
  async holdOrder(@Args('input') input: BookOrderInput, @CurrentCaller() caller: Caller) {
    return holdAnswer(await this.holdings.run(holdRequest(input, caller)));
  }
}

@Resolver('Appointment')
export class AppointmentResolver {
  constructor(private readonly capacity: Capacity) {}

  /** Stores are never taken out of the chain, so the one of an appointment is always there. */
  @ResolveField('store')
  async store(@Parent() appointment: AppointmentData): Promise<Store> {
    const network = await this.capacity.lastSeen();
    return network.stores.get(appointment.storeCode)!;
  }
}
