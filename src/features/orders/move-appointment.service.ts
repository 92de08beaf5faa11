import { Injectable } from '@nestjs/common';

import type { OrderData, SlotChoice } from '../../core/orders/order.ts';
import { filledMeanwhile, propose, type Proposal } from '../../core/orders/propose.ts';
import type {
  ProposalRefusal,
  RequestKeyReused,
  VersionConflict,
} from '../../core/orders/refusals.ts';
import type { Wish } from '../../core/orders/wish.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { changeRefusal, type ChangeRequest } from './change-order.ts';
import { LimitOverrides, overridingOf } from './limit-overrides.ts';
import { OrderChange, type OrderStep } from './order-change.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';

export interface MoveRequest extends ChangeRequest {
  readonly appointmentId: string;
  readonly to: SlotChoice;
  /** Why the slot may be taken over its limits; without it it may not. */
  readonly overLimit?: { readonly reason: string } | null;
}

type MoveRefusal = ProposalRefusal | VersionConflict;

/** Moves one visit of an order to another slot or store; the way is planned again. */
@Injectable()
export class MoveAppointment {
  constructor(
    private readonly change: OrderChange,
    private readonly reader: OrderReader,
    private readonly overrides: LimitOverrides,
  ) {}

  async run(request: MoveRequest): Promise<Result<OrderData, MoveRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    return this.change.run<MoveRefusal, OrderWithClaims | null>({
      caller,
      requestKey,
      operation: 'moveAppointment',
      content,
      read: () => this.reader.byAppointment(request.appointmentId, caller),
      decide: (world, found) =>
        changeRefusal(found, request.expectedVersion) ??
        missedRefusal(found!, request) ??
        this.decide(world, request, found!),
      whenFull: (world, bucket, found) => {
        const { order, claims } = found!;
        const wish = movedWish(order, request);
        return world.usage.without(claims, () => filledMeanwhile(world, wish, bucket, order));
      },
    });
  }

  /** What the order has taken is free for the order itself. */
  private decide(
    world: World,
    request: MoveRequest,
    before: OrderWithClaims,
  ): Result<OrderStep, MoveRefusal> {
    const { order, claims } = before;
    const wish = movedWish(order, request);
    const proposed = world.usage.without(claims, () => propose(world, wish, order));
    if (!proposed.ok) return proposed;
    const after = moved(order, wish, proposed.value);
    const { overLimit, caller } = request;
    const overriding = overridingOf(overLimit, proposed.value, caller.id, world.now);
    const step = { before, after, claims: proposed.value.claims };
    if (overriding === null) return ok({ ...step, event: { kind: 'MOVED' } });
    const event = { kind: 'MOVED', details: { overLimit: overriding } } as const;
    return ok({ ...step, event, also: (tx) => this.overrides.log(tx, after, overriding) });
  }
}

/** Who did not come to hand the goods in has nothing any more that a pick-up could follow. */
function missedRefusal({ order }: OrderWithClaims, { appointmentId }: MoveRequest) {
  const isMissed = order.dropOff.status === 'NO_SHOW' && appointmentId !== order.dropOff.id;
  return isMissed ? refuse({ code: 'WRONG_STATUS' } as const) : null;
}

function movedWish(order: OrderData, { appointmentId, to, overLimit }: MoveRequest): Wish {
  const { items, dropOff, pickUp } = order;
  const isOverLimit = overLimit != null;
  return appointmentId === dropOff.id
    ? { items, dropOff: to, pickUp, moved: 'DROP_OFF', isOverLimit }
    : { items, dropOff, pickUp: to, moved: 'PICK_UP', isOverLimit };
}

/** A drop-off that was missed is booked anew. What the other visit has to be chosen for stays. */
function moved(order: OrderData, { moved: visit }: Wish, proposal: Proposal): OrderData {
  const { choice } = order.promise;
  const stays = choice === undefined || choice.visit === visit ? {} : { choice };
  const isAnew = visit === 'DROP_OFF' && order.dropOff.status === 'NO_SHOW';
  const status = isAnew ? { status: 'BOOKED' as const } : {};
  return {
    ...order,
    version: order.version + 1,
    dropOff: { ...order.dropOff, ...proposal.dropOff, ...status },
    pickUp: { ...order.pickUp, ...proposal.pickUp },
    promise: { ...proposal.promise, ...stays },
  };
}
