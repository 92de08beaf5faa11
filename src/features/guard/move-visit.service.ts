import { Injectable } from '@nestjs/common';

import type { OrderData, SlotChoice } from '../../core/orders/order.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { MoveAppointment, OrderReader, type MoveRequest } from '../orders/index.ts';
import { MovePickUp, type PickUpRefusal } from './move-pick-up.service.ts';

/** A customer's choice of a pick-up. */
export interface ChooseRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly orderId: string;
  readonly expectedVersion: number | null;
  readonly slot: SlotChoice;
}

type Moved = Promise<Result<OrderData, PickUpRefusal | RequestKeyReused>>;

/** Moves visits as far as the way is not yet travelled: the drop-off until the goods come, the pick-up always. */
@Injectable()
export class MoveVisit {
  constructor(
    private readonly reader: OrderReader,
    private readonly booked: MoveAppointment,
    private readonly pickUps: MovePickUp,
  ) {}

  async move(request: MoveRequest): Moved {
    const { caller, requestKey, ...content } = request;
    const find = () => this.reader.byAppointment(request.appointmentId, caller);
    const found = await find();
    const isUnderWay = found !== null && found.order.status !== 'BOOKED';
    if (!isUnderWay || found.order.pickUp.id !== request.appointmentId) {
      return this.booked.run(request);
    }
    const { to, expectedVersion, overLimit = null } = request;
    const named = { operation: 'moveAppointment', content, find };
    return this.pickUps.run({ caller, requestKey, to, expectedVersion, overLimit, ...named });
  }

  async choose(request: ChooseRequest): Moved {
    const { caller, requestKey, ...content } = request;
    const { slot: to, expectedVersion } = request;
    const find = () => this.reader.byId(request.orderId, caller);
    const named = { operation: 'choosePickUp', content, find };
    return this.pickUps.run({ caller, requestKey, to, expectedVersion, ...named });
  }
}
