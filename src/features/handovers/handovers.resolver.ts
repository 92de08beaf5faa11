import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import type { WrongStore } from '../../core/handovers/receive.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { CounterDesk } from './counter-desk.service.ts';
import { handOutRequest, type HandOutInput } from './hand-out-input.ts';
import { HandOutSheets } from './hand-out-sheets.ts';
import { handOutAnswer, sheetView } from './hand-out.view.ts';
import {
  checkStore,
  receiveOrderRequest,
  receivingRequest,
  walkInRequest,
  type ReceiptQuoteInput,
  type ReceiveOrderInput,
  type ReceiveWalkInInput,
} from './receipts-input.ts';
import { quoteAnswer, receiptAnswer } from './receipts.view.ts';
import { TagLabels, type LabelFormat } from './tag-labels.service.ts';

@Resolver()
@Access('staff', 'hq')
export class HandoversResolver {
  constructor(
    private readonly desk: CounterDesk,
    private readonly labels: TagLabels,
    private readonly sheets: HandOutSheets,
  ) {}

  @Query('receiptQuote')
  async receiptQuote(@Args('input') input: ReceiptQuoteInput, @CurrentCaller() caller: Caller) {
    return quoteAnswer(await this.desk.quote(receivingRequest(input, caller)));
  }

  @Mutation('receiveOrder')
  async receiveOrder(@Args('input') input: ReceiveOrderInput, @CurrentCaller() caller: Caller) {
    return receiptAnswer(await this.desk.receive(receiveOrderRequest(input, caller)));
  }

  @Mutation('receiveWalkIn')
  async receiveWalkIn(@Args('input') input: ReceiveWalkInInput, @CurrentCaller() caller: Caller) {
    return receiptAnswer(await this.desk.receiveWalkIn(walkInRequest(input, caller)));
  }

  @Query('tagLabels')
  async tagLabels(
    @Args('orderId') orderId: string,
    @Args('format') format: LabelFormat,
    @CurrentCaller() caller: Caller,
  ) {
    return this.labels.of(orderId.toLowerCase(), format, caller as SignedInCaller);
  }

  @Query('handOutSheet')
  async handOutSheet(
    @Args('ticketCode') ticketCode: string,
    @Args('storeCode') storeCode: string,
    @CurrentCaller() caller: Caller,
  ) {
    checkStore(storeCode, caller);
    return sheetView(await this.sheets.of(ticketCode, storeCode, caller as SignedInCaller));
  }

  @Mutation('handOut')
  async handOut(@Args('input') input: HandOutInput, @CurrentCaller() caller: Caller) {
    return handOutAnswer(await this.desk.handOut(handOutRequest(input, caller)));
  }

  @Query('overrides')
  @Access('hq')
  async overrides(
    @Args('storeCode') storeCode: string,
    @Args('from') from: number,
    @Args('to') to: number,
  ) {
    return this.desk.overrides(storeCode, from, to);
  }
}

@Resolver('WrongStore')
export class WrongStoreResolver {
  constructor(private readonly capacity: Capacity) {}

  @ResolveField('store')
  async store(@Parent() refusal: WrongStore) {
    return (await this.capacity.lastSeen()).stores.get(refusal.storeCode)!;
  }
}
