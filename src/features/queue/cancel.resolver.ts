import { Args, Mutation, Resolver } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { cancelRequest, orderAnswer, type CancelOrderInput } from '../orders/index.ts';
import { CancelInLine } from './cancel-in-line.service.ts';

@Resolver()
@Access('customer', 'staff', 'hq')
export class CancelResolver {
  constructor(private readonly cancellations: CancelInLine) {}

  @Mutation('cancelOrder')
  async cancelOrder(@Args('input') input: CancelOrderInput, @CurrentCaller() caller: Caller) {
    return orderAnswer(await this.cancellations.run(cancelRequest(input, caller)));
  }
}
