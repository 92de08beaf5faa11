import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';

import type { OrderData, SlotChoice } from '../../core/orders/order.ts';
import { filledMeanwhile, propose, type Proposal } from '../../core/orders/propose.ts';
import type {
  ProposalRefusal,
  RequestKeyReused,
  VersionConflict,
} from '../../core/orders/refusals.ts';
import type { Wish } from '../../core/orders/wish.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, type Result } from '../../core/result.ts';
import { Changes, type Decision } from './changes.ts';
import { changeRefusal, type ChangeRequest } from './change-order.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';
import { OrderWriter } from './order-writer.ts';
import { contentHash } from './request-keys.ts';

export interface MoveRequest extends ChangeRequest {
  readonly appointmentId: string;
  readonly to: SlotChoice;
}

type MoveRefusal = ProposalRefusal | VersionConflict;

/** Moves one visit of an order to another slot or store; the way is planned again. */
@Injectable()
export class MoveAppointment {
  constructor(
    private readonly changes: Changes,
    private readonly reader: OrderReader,
    private readonly orders: OrderWriter,
  ) {}

  async run(request: MoveRequest): Promise<Result<OrderData, MoveRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    return this.changes.run<OrderData, MoveRefusal, OrderWithClaims | null>({
      request: {
        caller: caller.id,
        key: requestKey,
        contentHash: contentHash('moveAppointment', content),
      },
      read: () => this.reader.byAppointment(request.appointmentId, caller),
      decide: (world, found) => this.decide(world, request, found),
      replay: (eventId) => this.reader.afterEvent(eventId),
    });
  }

  private decide(
    world: World,
    request: MoveRequest,
    found: OrderWithClaims | null,
  ): Result<Decision<OrderData, MoveRefusal>, MoveRefusal> {
    const refusal = changeRefusal(found, request.expectedVersion);
    if (refusal !== null) return refusal;
    return this.proposeMove(world, request, found!);
  }

  /** What the order has taken is free for the order itself. */
  private proposeMove(
    world: World,
    request: MoveRequest,
    found: OrderWithClaims,
  ): Result<Decision<OrderData, MoveRefusal>, MoveRefusal> {
    const wish = movedWish(found.order, request);
    const proposed = world.usage.without(found.claims, () => propose(world, wish, found.order));
    return proposed.ok ? ok(this.decision(world, request, found, wish, proposed.value)) : proposed;
  }

  private decision(
    world: World,
    request: MoveRequest,
    { order, claims }: OrderWithClaims,
    wish: Wish,
    proposal: Proposal,
  ): Decision<OrderData, MoveRefusal> {
    const answerId = newId();
    const after = moved(order, proposal);
    const actor = request.caller.id;
    return {
      answerId,
      answer: after,
      taking: { ownerId: order.id, before: claims, after: proposal.claims },
      changed: after,
      write: async (tx) => {
        const event = { id: answerId, kind: 'MOVED', actor, at: world.now } as const;
        return (await this.orders.update(tx, world.network, order, after, event)) ?? 'stale';
      },
      whenFull: (later, bucket) =>
        later.usage.without(claims, () => filledMeanwhile(later, wish, bucket, order)),
    };
  }
}

function movedWish(order: OrderData, { appointmentId, to }: MoveRequest): Wish {
  const { items, dropOff, pickUp } = order;
  return appointmentId === dropOff.id
    ? { items, dropOff: to, pickUp, moved: 'DROP_OFF' }
    : { items, dropOff, pickUp: to, moved: 'PICK_UP' };
}

function moved(order: OrderData, proposal: Proposal): OrderData {
  return {
    ...order,
    version: order.version + 1,
    dropOff: { ...order.dropOff, ...proposal.dropOff },
    pickUp: { ...order.pickUp, ...proposal.pickUp },
    promise: proposal.promise,
  };
}
