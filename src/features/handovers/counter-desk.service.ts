import { Injectable } from '@nestjs/common';

import type { WrongStore } from '../../core/handovers/receive.ts';
import type { Price } from '../../core/orders/order.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Goods } from '../goods/index.ts';
import { LimitOverrides, type LimitOverride } from '../orders/index.ts';
import { HandOut, type HandOutRefusal, type HandOutRequest } from './hand-out.service.ts';
import type { HandedOutOrder } from './hand-out.view.ts';
import {
  ReceiveOrder,
  type Quote,
  type ReceiveOrderRefusal,
  type ReceiveOrderRequest,
  type ReceivingRequest,
} from './receive-order.service.ts';
import {
  ReceiveWalkIn,
  type WalkInRefusal,
  type WalkInRequest,
} from './receive-walk-in.service.ts';
import { Receipts, type Receipt } from './receipts.ts';

const MOST_OVERRIDES = 500;

/** What staff do at the counter, each answered with what they need next. */
@Injectable()
export class CounterDesk {
  constructor(
    private readonly receiving: ReceiveOrder,
    private readonly walkIns: ReceiveWalkIn,
    private readonly receipts: Receipts,
    private readonly handingOut: HandOut,
    private readonly goods: Goods,
    private readonly log: LimitOverrides,
  ) {}

  async receive(
    request: ReceiveOrderRequest,
  ): Promise<Result<Receipt, ReceiveOrderRefusal | RequestKeyReused>> {
    const received = await this.receiving.run(request);
    return received.ok ? ok(await this.receipts.of(received.value)) : received;
  }

  async quote(
    request: ReceivingRequest,
  ): Promise<
    Result<Quote & { readonly price: readonly Price[] }, ReceiveOrderRefusal | WrongStore>
  > {
    const quoted = await this.receiving.quote(request);
    if (!quoted.ok) return quoted;
    const price = await this.receipts.price(quoted.value.order);
    return ok({ ...quoted.value, price });
  }

  async receiveWalkIn(
    request: WalkInRequest,
  ): Promise<Result<Receipt, WalkInRefusal | RequestKeyReused>> {
    const received = await this.walkIns.run(request);
    return received.ok ? ok(await this.receipts.of(received.value)) : received;
  }

  async handOut(
    request: HandOutRequest,
  ): Promise<Result<HandedOutOrder, HandOutRefusal | RequestKeyReused>> {
    const handedOut = await this.handingOut.run(request);
    if (!handedOut.ok) return handedOut;
    const order = handedOut.value;
    return ok({ order, pairs: (await this.goods.ofOrders([order.id])).get(order.id)! });
  }

  /** Of slots that start in the span, by start. */
  async overrides(
    storeCode: string,
    from: EpochMs,
    to: EpochMs,
  ): Promise<readonly LimitOverride[]> {
    return this.log.of(storeCode, from, to, MOST_OVERRIDES);
  }
}
