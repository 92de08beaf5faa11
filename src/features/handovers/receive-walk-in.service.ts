import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import { countedItems, type NotReceivable } from '../../core/handovers/counted-items.ts';
import { proposeWalkIn, type WalkInWish } from '../../core/handovers/walk-in.ts';
import type { OrderData, OrderItem } from '../../core/orders/order.ts';
import type { Proposal } from '../../core/orders/propose.ts';
import type { ProposalRefusal, RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Customers, type CustomerDetails } from '../customers/index.ts';
import {
  Changes,
  contentHash,
  LimitOverrides,
  newTicketCode,
  OrderReader,
  OrderWriter,
  overridingOf,
  type Decision,
} from '../orders/index.ts';
import type { ExaminedItem } from './receive-order.service.ts';
import { TakeGoods } from './take-goods.ts';
import type { EndedVisit } from './visit-ends.ts';

export interface WalkInRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly storeCode: string;
  readonly customer: CustomerDetails;
  /** None of them booked. */
  readonly items: readonly ExaminedItem[];
  readonly pickUp: WalkInWish['pickUp'];
  /** Place in the line of the store; null: they are in none. */
  readonly queueEntryId: string | null;
  readonly overLimit: { readonly reason: string } | null;
}

export type WalkInRefusal = ProposalRefusal | NotReceivable;

/** Books and takes the goods of a customer without an appointment in one transaction. */
@Injectable()
export class ReceiveWalkIn {
  constructor(
    private readonly changes: Changes,
    private readonly customers: Customers,
    private readonly orders: OrderWriter,
    private readonly reader: OrderReader,
    private readonly taking: TakeGoods,
    private readonly overrides: LimitOverrides,
  ) {}

  async run(request: WalkInRequest): Promise<Result<OrderData, WalkInRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    const mediaIds = request.items.flatMap(({ conditions }) =>
      conditions.flatMap((condition) => condition.mediaIds),
    );
    const visit: EndedVisit = { entry: null };
    const received = await this.changes.run<OrderData, WalkInRefusal, NotReceivable | null>({
      request: {
        caller: caller.id,
        key: requestKey,
        contentHash: contentHash('receiveWalkIn', content),
      },
      read: () => this.faultOf(request, mediaIds),
      decide: (world, fault) =>
        fault === null ? this.decide(world, request, visit) : refuse(fault),
      replay: (eventId) => this.reader.afterEvent(eventId),
    });
    if (received.ok) this.taking.tell(visit);
    return received;
  }

  /** What was named and is not there; null: all is. */
  private async faultOf(
    { caller, storeCode, queueEntryId }: WalkInRequest,
    mediaIds: readonly string[],
  ): Promise<NotReceivable | null> {
    const misfits = await this.taking.misfits(mediaIds, null, caller);
    if (misfits.length > 0) return { code: 'UNKNOWN_MEDIA', item: null };
    if (queueEntryId === null || (await this.taking.isOpenFor(queueEntryId, storeCode)))
      return null;
    return { code: 'UNKNOWN_ENTRY', item: null };
  }

  private decide(
    world: World,
    request: WalkInRequest,
    visit: EndedVisit,
  ): Result<Decision<OrderData, WalkInRefusal>, WalkInRefusal> {
    const items = countedItems([], request.items, world.network);
    if (!items.ok) return items;
    const { storeCode, pickUp, overLimit } = request;
    const wish = { storeCode, items: items.value, pickUp, isOverLimit: overLimit !== null };
    const proposed = proposeWalkIn(world, wish);
    if (!proposed.ok) return proposed;
    const order = walkInOrder(items.value, proposed.value);
    const answerId = newId();
    return ok({
      answerId,
      answer: order,
      taking: { ownerId: order.id, before: [], after: proposed.value.claims },
      changed: order,
      write: (tx) =>
        this.write(tx, world, request, { order, answerId, proposal: proposed.value, visit }),
      whenFull: (_, { start: at }) =>
        refuse({ code: 'SLOT_FULL', kind: 'COUNTER_FULL', at, alternatives: [] }),
    });
  }

  private async write(
    tx: EntityManager,
    { network, now }: World,
    request: WalkInRequest,
    { order, answerId, proposal, visit }: WalkInBooked,
  ): Promise<number> {
    const { caller } = request;
    const conditions = request.items.map((item) => item.conditions);
    const customerId = await this.customers.findOrCreate(tx, request.customer, now);
    const overriding = overridingOf(request.overLimit, proposal, caller.id, now);
    const details = {
      isWalkIn: true,
      ...(overriding === null ? {} : { overLimit: overriding }),
    };
    const event = { id: answerId, kind: 'RECEIVED', actor: caller.id, at: now, details } as const;
    const chain = await this.orders.insert(tx, network, order, customerId, event);
    const { services } = network;
    const { queueEntryId } = request;
    const goods = { order, services, conditions, caller, now, queueEntryId };
    await this.taking.write(tx, goods, visit);
    if (overriding !== null) await this.overrides.log(tx, order, overriding);
    return chain;
  }
}

interface WalkInBooked {
  readonly order: OrderData;
  readonly answerId: string;
  readonly proposal: Proposal;
  readonly visit: EndedVisit;
}

function walkInOrder(items: readonly OrderItem[], proposal: Proposal): OrderData {
  const { dropOff, pickUp, promise } = proposal;
  return {
    id: newId(),
    ticketCode: newTicketCode(),
    status: 'RECEIVED',
    version: 1,
    items,
    dropOff: { id: newId(), kind: 'DROP_OFF', ...dropOff, status: 'FULFILLED' },
    pickUp: { id: newId(), kind: 'PICK_UP', ...pickUp, status: 'BOOKED' },
    promise,
  };
}
