import { Args, Query, Resolver } from '@nestjs/graphql';

import { Access } from '../../platform/signin/access.ts';
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
  async promise(@Args('input') input: PromiseInput) {
    const answer = await this.promises.promise({ ...input, items: orderItems(input.items) });
    return answer.ok ? promiseView(answer.value) : noPromiseView(answer.error);
  }
}
