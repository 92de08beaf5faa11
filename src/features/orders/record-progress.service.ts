import { Injectable } from '@nestjs/common';

import type { OrderData } from '../../core/orders/order.ts';
import { progressed, type Progress } from '../../core/orders/progress.ts';
import type { NotBookable, RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { OrderChange, type OrderStep } from './order-change.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';

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
    private readonly change: OrderChange,
    private readonly reader: OrderReader,
  ) {}

  /** Refused with WRONG_STATUS where it cannot befall the order, or the caller may not see it. */
  async run(request: ProgressRequest): Promise<Result<OrderData, NotBookable | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    return this.change.run<NotBookable, OrderWithClaims | null>({
      caller,
      requestKey,
      operation: 'recordProgress',
      content,
      read: () => this.reader.byId(request.orderId, caller),
      decide: (_, found) => decide(request, found),
    });
  }
}

function decide(
  request: ProgressRequest,
  before: OrderWithClaims | null,
): Result<OrderStep, NotBookable> {
  if (before === null) return refuse({ code: 'WRONG_STATUS' });
  const after = progressed(before.order, request);
  if (!after.ok) return after;
  const { kind, details = null } = request;
  return ok({ before, after: after.value, event: { kind, details } });
}
