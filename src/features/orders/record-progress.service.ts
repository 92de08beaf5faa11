import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';

import type { Claim, LimitedClaim } from '../../core/claims/claim.ts';
import type { OrderData } from '../../core/orders/order.ts';
import { progressed, type Progress } from '../../core/orders/progress.ts';
import type { NotBookable, RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Changes, type Decision } from './changes.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';
import { OrderWriter } from './order-writer.ts';
import { contentHash } from './request-keys.ts';

export interface ProgressRequest extends Progress {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly orderId: string;
  /** Told with the news: stage, explanation, price in minor units, photo. */
  readonly details?: object;
}

/** Records what befell the goods of an order, and owes the news of it. Takes and gives back nothing. */
@Injectable()
export class RecordProgress {
  constructor(
    private readonly changes: Changes,
    private readonly reader: OrderReader,
    private readonly orders: OrderWriter,
  ) {}

  /** Refused with WRONG_STATUS where it cannot befall the order, or the caller may not see it. */
  async run(request: ProgressRequest): Promise<Result<OrderData, NotBookable | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    return this.changes.run<OrderData, NotBookable, OrderWithClaims | null>({
      request: {
        caller: caller.id,
        key: requestKey,
        contentHash: contentHash('recordProgress', content),
      },
      read: () => this.reader.byId(request.orderId, caller),
      decide: (world, found) => this.decide(world, request, found),
      replay: (eventId) => this.reader.afterEvent(eventId),
    });
  }

  private decide(
    world: World,
    request: ProgressRequest,
    found: OrderWithClaims | null,
  ): Result<Decision<OrderData, NotBookable>, NotBookable> {
    if (found === null) return refuse({ code: 'WRONG_STATUS' });
    const { order, claims } = found;
    const after = progressed(order, request);
    if (!after.ok) return after;
    const answerId = newId();
    return ok({
      answerId,
      answer: after.value,
      taking: { ownerId: order.id, before: claims, after: claims.map(unlimited) },
      changed: after.value,
      write: async (tx) => {
        const { kind, caller, details = null } = request;
        const event = { id: answerId, kind, actor: caller.id, at: world.now, details };
        return (await this.orders.update(tx, world.network, order, after.value, event)) ?? 'stale';
      },
      whenFull: () => {
        throw new Error('what is taken already cannot be full');
      },
    });
  }
}

const unlimited = (claim: Claim): LimitedClaim => ({ ...claim, limit: null });
