import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { OrderData } from '../../core/orders/order.ts';
import type { NotBookable, RequestKeyReused, VersionConflict } from '../../core/orders/refusals.ts';
import { ok, type Result } from '../../core/result.ts';
import { changeRefusal, type ChangeRequest } from './change-order.ts';
import { OrderChange, type OrderStep } from './order-change.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';

export interface CancelRequest extends ChangeRequest {
  readonly orderId: string;
  readonly reason: string | null;
}

type CancelRefusal = NotBookable | VersionConflict;

/** Cancels an order whose goods are still with the customer, and gives back all that it took. */
@Injectable()
export class CancelOrder {
  constructor(
    private readonly change: OrderChange,
    private readonly reader: OrderReader,
  ) {}

  /** @param also what else is written in the transaction, which has locked the order */
  async run(
    request: CancelRequest,
    also: (tx: EntityManager) => Promise<void> = async () => {},
  ): Promise<Result<OrderData, CancelRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    return this.change.run<CancelRefusal, OrderWithClaims | null>({
      caller,
      requestKey,
      operation: 'cancelOrder',
      content,
      read: () => this.reader.byId(request.orderId, caller),
      decide: (_, found) =>
        changeRefusal(found, request.expectedVersion) ??
        ok({ ...cancelling(found!, request.reason), also }),
    });
  }
}

const cancelling = (before: OrderWithClaims, reason: string | null): OrderStep => ({
  before,
  after: cancelled(before.order),
  claims: [],
  event: { kind: 'CANCELLED', reason },
  holdsOnAnyChain: true,
});

function cancelled(order: OrderData): OrderData {
  const status = 'CANCELLED';
  return {
    ...order,
    status,
    version: order.version + 1,
    dropOff: { ...order.dropOff, status },
    pickUp: { ...order.pickUp, status },
  };
}
