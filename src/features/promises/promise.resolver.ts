import { Args, Query, Resolver } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { orderItems, type OrderItemInput } from './items-input.ts';
import { Promises, type PromiseRequest } from './promise.service.ts';
import { noPromiseView, promiseView } from './promise.view.ts';

interface PromiseInput extends Omit<PromiseRequest, 'items'> {
  readonly items: readonly OrderItemInput[];
}

@Resolver()
export class PromiseResolver {
  constructor(private readonly promises: Promises) {}

  @Query('promise')
  @Access('public')
  async promise(@Args('input') input: PromiseInput, @CurrentCaller() caller: Caller) {
    const request = { ...input, items: orderItems(input.items) };
    const answer = await this.promises.promise(request, caller);
    return answer.ok ? promiseView(answer.value) : noPromiseView(answer.error);
  }
}
