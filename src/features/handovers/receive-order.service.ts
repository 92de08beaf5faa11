import { Injectable } from '@nestjs/common';

import type { CountedItem } from '../../core/handovers/counted-items.ts';
import { receive, type Received, type ReceiveRefusal } from '../../core/handovers/receive.ts';
import type { OrderData, SlotChoice } from '../../core/orders/order.ts';
import type { RequestKeyReused, VersionConflict } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { OrderChange, Replans, type OrderStep, type OrderWithClaims } from '../orders/index.ts';
import { CounterOrders, type OrderName } from './counter-orders.ts';
import type { PairCondition } from './new-pairs.ts';
import { TakeGoods } from './take-goods.ts';
import type { EndedVisit } from './visit-ends.ts';

/** One item as it was counted and looked at. */
export interface ExaminedItem extends CountedItem {
  readonly conditions: readonly PairCondition[];
}

export interface ReceivingRequest extends OrderName {
  readonly caller: SignedInCaller;
  readonly storeCode: string;
  readonly items: readonly ExaminedItem[];
  readonly pickUp: SlotChoice | null;
  readonly acceptsElsewhere: boolean;
}

export interface ReceiveOrderRequest extends ReceivingRequest {
  readonly requestKey: string;
  readonly expectedVersion: number | null;
}

export type ReceiveOrderRefusal = ReceiveRefusal | VersionConflict;

/** What an order would come to, if its goods were taken now. */
export interface Quote {
  readonly order: OrderData;
  readonly isPickUpKept: boolean;
}

interface Known {
  readonly before: OrderWithClaims | null;
  /** Ids of media that are no pictures of the order. */
  readonly misfits: readonly string[];
}

/** Takes the goods of booked orders over the counter. */
@Injectable()
export class ReceiveOrder {
  constructor(
    private readonly change: OrderChange,
    private readonly orders: CounterOrders,
    private readonly taking: TakeGoods,
    private readonly replans: Replans,
    private readonly capacity: Capacity,
  ) {}

  async run(
    request: ReceiveOrderRequest,
  ): Promise<Result<OrderData, ReceiveOrderRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    const visit: EndedVisit = { entry: null };
    const received = await this.change.run<ReceiveOrderRefusal, Known>({
      caller,
      requestKey,
      operation: 'receiveOrder',
      content,
      read: () => this.read(request),
      decide: (world, known) => this.decide(world, request, known, visit),
      whenFull: (_, { start: at }) =>
        refuse({ code: 'SLOT_FULL', kind: 'COUNTER_FULL', at, alternatives: [] }),
    });
    if (received.ok) this.taking.tell(visit);
    return received;
  }

  async quote(request: ReceivingRequest): Promise<Result<Quote, ReceiveRefusal>> {
    const before = await this.orders.find(request, request.caller);
    if (before === null) return refuse({ code: 'WRONG_STATUS' });
    const received = receive(await this.capacity.world(), before, request);
    if (!received.ok) return received;
    const { after: order, replan } = received.value;
    return ok({ order, isPickUpKept: replan === null });
  }

  private decide(
    world: World,
    request: ReceiveOrderRequest,
    { before, misfits }: Known,
    visit: EndedVisit,
  ): Result<OrderStep, ReceiveOrderRefusal> {
    if (before === null) return refuse({ code: 'WRONG_STATUS' });
    if (misfits.length > 0) return refuse({ code: 'UNKNOWN_MEDIA', item: null });
    const { version: currentVersion } = before.order;
    if (request.expectedVersion !== null && request.expectedVersion !== currentVersion) {
      return refuse({ code: 'VERSION_CONFLICT', currentVersion });
    }
    const received = receive(world, before, request);
    if (!received.ok) return received;
    return ok(this.step(world, request, before, { ...received.value, visit }));
  }

  private step(
    { network, now }: World,
    request: ReceiveOrderRequest,
    before: OrderWithClaims,
    { after, claims, replan, visit }: Received & { readonly visit: EndedVisit },
  ): OrderStep {
    const { services } = network;
    const conditions = conditionsOf(request.items);
    const { caller } = request;
    return {
      before,
      after,
      ...(claims === undefined ? {} : { claims }),
      event: { kind: 'RECEIVED' },
      also: async (tx) => {
        const goods = { order: after, services, conditions, caller, now };
        await this.taking.write(tx, goods, visit);
        if (replan !== null) await this.replans.ask(tx, [after.id], replan, now);
      },
    };
  }

  private async read(request: ReceiveOrderRequest): Promise<Known> {
    const before = await this.orders.find(request, request.caller);
    const ids = request.items.flatMap(({ conditions }) =>
      conditions.flatMap(({ mediaIds }) => mediaIds),
    );
    const misfits = await this.taking.misfits(ids, before?.order.id ?? null, request.caller);
    return { before, misfits };
  }
}

/** In the order of the items that come of it: the booked ones by position, then the others. */
function conditionsOf(items: readonly ExaminedItem[]): readonly (readonly PairCondition[])[] {
  const booked = items.filter(({ item }) => item !== null).sort((a, b) => a.item! - b.item!);
  const added = items.filter(({ item }) => item === null);
  return [...booked, ...added].filter(({ pairs }) => pairs > 0).map((item) => item.conditions);
}
