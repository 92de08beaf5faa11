import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import type { Store } from '../../core/network/network.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { LocalDate } from '../../core/time/time.ts';
import type { PageRequest } from '../../platform/graphql/page.ts';
import { Access } from '../../platform/signin/access.ts';
import { Stores } from './stores.service.ts';

@Resolver('Store')
export class StoreResolver {
  constructor(private readonly service: Stores) {}

  @Query('store')
  @Access('public')
  store(@Args('code') code: string): Promise<Store | null> {
    return this.service.find(code);
  }

  @Query('stores')
  @Access('public')
  stores(@Args() page: PageRequest): Promise<readonly Store[]> {
    return this.service.list(page);
  }

  @ResolveField('openingTimes')
  openingTimes(
    @Parent() store: Store,
    @Args('from') from: LocalDate,
    @Args('to') to: LocalDate,
  ): readonly Interval[] {
    return this.service.openingTimes(store, from, to);
  }
}
