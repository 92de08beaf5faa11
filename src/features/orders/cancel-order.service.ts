import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';

import type { OrderData } from '../../core/orders/order.ts';
import type { NotBookable, RequestKeyReused, VersionConflict } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, type Result } from '../../core/result.ts';
import { Changes, type Decision } from './changes.ts';
import { changeRefusal, type ChangeRequest } from './change-order.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';
import { OrderWriter } from './order-writer.ts';
import { contentHash } from './request-keys.ts';

export interface CancelRequest extends ChangeRequest {
  readonly orderId: string;
  readonly reason: string | null;
}

type CancelRefusal = NotBookable | VersionConflict;

/** Cancels an order whose goods are still with the customer, and gives back all that it took. */
@Injectable()
export class CancelOrder {
  constructor(
    private readonly changes: Changes,
    private readonly reader: OrderReader,
    private readonly orders: OrderWriter,
  ) {}

  async run(request: CancelRequest): Promise<Result<OrderData, CancelRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    return this.changes.run<OrderData, CancelRefusal, OrderWithClaims | null>({
      request: {
        caller: caller.id,
        key: requestKey,
        contentHash: contentHash('cancelOrder', content),
      },
      read: () => this.reader.byId(request.orderId, caller),
      decide: (world, found) => this.decide(world, request, found),
      replay: (eventId) => this.reader.afterEvent(eventId),
    });
  }

  private decide(
    world: World,
    request: CancelRequest,
    found: OrderWithClaims | null,
  ): Result<Decision<OrderData, CancelRefusal>, CancelRefusal> {
    const refusal = changeRefusal(found, request.expectedVersion);
    return refusal ?? ok(this.decision(world, request, found!));
  }

  private decision(
    world: World,
    request: CancelRequest,
    { order, claims }: OrderWithClaims,
  ): Decision<OrderData, CancelRefusal> {
    const answerId = newId();
    const after = cancelled(order);
    return {
      answerId,
      answer: after,
      taking: { ownerId: order.id, before: claims, after: [] },
      changed: after,
      write: async (tx) => {
        const { caller, reason } = request;
        const actor = caller.id;
        const event = { id: answerId, kind: 'CANCELLED', actor, at: world.now, reason } as const;
        const written = await this.orders.update(tx, world.network, order, after, event);
        return written === null ? 'stale' : 'anyChain';
      },
      whenFull: () => {
        throw new Error('giving back cannot find anything full');
      },
    };
  }
}

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
