import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId, validate as isUuid } from 'uuid';

import type { OrderData } from '../../core/orders/order.ts';
import { filledMeanwhile, propose, type Proposal } from '../../core/orders/propose.ts';
import type { HoldExpired, ProposalRefusal, RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Wish } from '../../core/orders/wish.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Customers } from '../customers/index.ts';
import type { BookingRequest } from './booking-request.ts';
import { Changes, type Decision } from './changes.ts';
import { Holds, type HoldWithClaims } from './holds.ts';
import { LimitOverrides, overridingOf } from './limit-overrides.ts';
import { OrderReader } from './order-reader.ts';
import { OrderWriter } from './order-writer.ts';
import { contentHash } from './request-keys.ts';
import { newTicketCode } from './ticket-code.ts';

export type BookOrderRefusal = ProposalRefusal | HoldExpired;

/** Books the drop-off, the way and the pick-up: all of it or nothing. */
@Injectable()
export class BookOrder {
  constructor(
    private readonly changes: Changes,
    private readonly customers: Customers,
    private readonly holds: Holds,
    private readonly orders: OrderWriter,
    private readonly reader: OrderReader,
    private readonly overrides: LimitOverrides,
  ) {}

  /** Sending the same request again gives the first answer again, and takes nothing twice. */
  async run(
    booking: BookingRequest,
  ): Promise<Result<OrderData, BookOrderRefusal | RequestKeyReused>> {
    const { requestKey, caller, ...content } = booking;
    return this.changes.run<OrderData, BookOrderRefusal, HoldWithClaims | null>({
      request: {
        caller: caller.id,
        key: requestKey,
        contentHash: contentHash('bookOrder', content),
      },
      read: () => this.holdOf(booking),
      decide: (world, hold) => this.decide(world, booking, hold),
      replay: (eventId) => this.reader.afterEvent(eventId),
    });
  }

  private decide(
    world: World,
    booking: BookingRequest,
    hold: HoldWithClaims | null,
  ): Result<Decision<OrderData, BookOrderRefusal>, BookOrderRefusal> {
    if (booking.holdId !== null && hold === null) return refuse({ code: 'HOLD_EXPIRED' });
    const proposed =
      hold === null ? propose(world, wishOf(booking)) : this.proposeWithHold(world, booking, hold);
    return proposed.ok ? ok(this.decision(world, booking, proposed.value, hold)) : proposed;
  }

  /**
   * What was held is booked as it was held. Anything else is computed anew, the hold seen as free; so is
   * what was held on a chain that headquarters changed since, as it may no longer be possible.
   */
  private proposeWithHold(
    world: World,
    booking: BookingRequest,
    hold: HoldWithClaims,
  ): Result<Proposal, ProposalRefusal> {
    const isSameWish = hold.contentHash === wishHash(booking);
    const isSameChain = hold.proposal.chainVersion === world.network.version;
    if (isSameWish && isSameChain) return ok(hold.proposal);
    return world.usage.without(hold.claims, () => propose(world, wishOf(booking)));
  }

  /** Null: none was named, or it is not the caller's or no longer on. */
  private async holdOf({ holdId, caller }: BookingRequest): Promise<HoldWithClaims | null> {
    if (holdId === null || !isUuid(holdId)) return null;
    return this.holds.current(holdId, caller.id);
  }

  private decision(
    world: World,
    booking: BookingRequest,
    proposal: Proposal,
    hold: HoldWithClaims | null,
  ): Decision<OrderData, BookOrderRefusal> {
    const order = newOrder(booking, proposal);
    const answerId = newId();
    const held = hold?.claims ?? [];
    return {
      answerId,
      answer: order,
      taking: {
        ownerId: order.id,
        before: held,
        after: proposal.claims,
        ...(hold === null ? {} : { endedHoldId: hold.id }),
      },
      changed: order,
      write: (tx) => this.write(tx, world, booking, { order, answerId, proposal }),
      whenFull: (later, bucket) =>
        later.usage.without(held, () => filledMeanwhile(later, wishOf(booking), bucket)),
    };
  }

  private async write(
    tx: EntityManager,
    world: World,
    booking: BookingRequest,
    { order, answerId, proposal }: Booked,
  ): Promise<number | { readonly ok: false; readonly error: HoldExpired }> {
    if (booking.holdId !== null && !(await this.holds.end(tx, booking.holdId))) {
      return refuse({ code: 'HOLD_EXPIRED' });
    }
    const customerId = await this.customers.findOrCreate(tx, booking.customer, world.now);
    const actor = booking.caller.id;
    const overriding = overridingOf(booking.overLimit, proposal, actor, world.now);
    const details = overriding === null ? null : { overLimit: overriding };
    const event = { id: answerId, kind: 'BOOKED', actor, at: world.now, details } as const;
    const chain = await this.orders.insert(tx, world.network, order, customerId, event);
    if (overriding !== null) await this.overrides.log(tx, order, overriding);
    return chain;
  }
}

interface Booked {
  readonly order: OrderData;
  readonly answerId: string;
  readonly proposal: Proposal;
}

const wishOf = (booking: BookingRequest): Wish => ({
  items: booking.items,
  dropOff: booking.dropOff,
  pickUp: booking.pickUp,
  isOverLimit: booking.overLimit != null,
});

/** The same for a hold and the booking that it was made for. */
export function wishHash({ dropOff, pickUp, items }: BookingRequest): string {
  return contentHash('wish', { dropOff, pickUp, items });
}

function newOrder(booking: BookingRequest, proposal: Proposal): OrderData {
  const status = 'BOOKED';
  return {
    id: newId(),
    ticketCode: newTicketCode(),
    status,
    version: 1,
    items: booking.items,
    dropOff: { id: newId(), kind: 'DROP_OFF', ...proposal.dropOff, status },
    pickUp: { id: newId(), kind: 'PICK_UP', ...proposal.pickUp, status },
    promise: proposal.promise,
  };
}
