import { Injectable } from '@nestjs/common';

import type { OrderItem, PromiseData } from '../../core/orders/order.ts';
import { planItems, promiseOf } from '../../core/orders/wish.ts';
import type { NoPlan } from '../../core/promise/plan.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';

/** What is asked: goods handed over at one store by an instant, collected at another. */
export interface PromiseRequest {
  readonly dropOffStoreCode: string;
  readonly handedOverAt: EpochMs;
  readonly pickUpStoreCode: string;
  readonly items: readonly OrderItem[];
}

/** Answers when goods could be collected. Reserves nothing. */
@Injectable()
export class Promises {
  constructor(private readonly capacity: Capacity) {}

  /** What the caller holds is free to them: they can book it with that hold. */
  async promise(request: PromiseRequest, caller: Caller): Promise<Result<PromiseData, NoPlan>> {
    return this.capacity.lookAs(caller, (world) => {
      const items = planItems(world, request.items);
      if (items === null) return refuse({ code: 'NO_SKILL' });
      const planned = world.planner.plan({ ...request, items, now: world.now });
      return planned.ok ? ok(promiseOf(world, request.pickUpStoreCode, planned.value)) : planned;
    });
  }
}
