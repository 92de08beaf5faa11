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
import { ok, type Result } from '../../core/result.ts';
import { changeRefusal, type ChangeRequest } from './change-order.ts';
import { OrderChange, type OrderStep } from './order-change.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';

export interface MoveRequest extends ChangeRequest {
  readonly appointmentId: string;
  readonly to: SlotChoice;
}

type MoveRefusal = ProposalRefusal | VersionConflict;

/** Moves one visit of an order to another slot or store; the way is planned again. */
@Injectable()
export class MoveAppointment {
  constructor(
    private readonly change: OrderChange,
    private readonly reader: OrderReader,
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
        changeRefusal(found, request.expectedVersion) ?? proposeMove(world, request, found!),
      whenFull: (world, bucket, found) => {
        const { order, claims } = found!;
        const wish = movedWish(order, request);
        return world.usage.without(claims, () => filledMeanwhile(world, wish, bucket, order));
      },
    });
  }
}

/** What the order has taken is free for the order itself. */
function proposeMove(
  world: World,
  request: MoveRequest,
  before: OrderWithClaims,
): Result<OrderStep, MoveRefusal> {
  const { order, claims } = before;
  const wish = movedWish(order, request);
  const proposed = world.usage.without(claims, () => propose(world, wish, order));
  if (!proposed.ok) return proposed;
  return ok({
    before,
    after: moved(order, proposed.value),
    claims: proposed.value.claims,
    event: { kind: 'MOVED' },
  });
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
