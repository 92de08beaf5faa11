import { Args, Mutation, Resolver } from '@nestjs/graphql';

import type { SlotChoice } from '../../core/orders/order.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import { moveRequest, orderAnswer, type MoveAppointmentInput } from '../orders/index.ts';
import { checkRequestKey } from './disruption-input.ts';
import { MoveVisit, type ChooseRequest } from './move-visit.service.ts';

/** `ChoosePickUpInput` as it arrives. */
export interface ChoosePickUpInput {
  readonly requestKey: string;
  readonly orderId: string;
  readonly expectedVersion?: number | null;
  readonly slot: SlotChoice;
}

@Resolver()
@Access('customer', 'staff', 'hq')
export class VisitResolver {
  constructor(private readonly visits: MoveVisit) {}

  @Mutation('moveAppointment')
  async moveAppointment(
    @Args('input') input: MoveAppointmentInput,
    @CurrentCaller() caller: Caller,
  ) {
    return orderAnswer(await this.visits.move(moveRequest(input, caller)));
  }

  @Mutation('choosePickUp')
  async choosePickUp(@Args('input') input: ChoosePickUpInput, @CurrentCaller() caller: Caller) {
    return orderAnswer(await this.visits.choose(chooseRequest(input, caller)));
  }
}

function chooseRequest(input: ChoosePickUpInput, caller: Caller): ChooseRequest {
  checkRequestKey(input.requestKey);
  const { requestKey, orderId, expectedVersion = null, slot } = input;
  return {
    caller: caller as SignedInCaller,
    requestKey,
    orderId: orderId.toLowerCase(),
    expectedVersion,
    slot: { storeCode: slot.storeCode, start: slot.start },
  };
}
