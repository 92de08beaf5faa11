import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { openings } from '../../core/hours/openings.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { Store } from '../../core/network/network.ts';
import type { LocalDate } from '../../core/time/time.ts';
import { Access } from '../../platform/signin/access.ts';
import { Capacity } from '../capacity/index.ts';
import { checkDateRange } from './date-range.ts';
import { pageOf, type PageRequest } from './page.ts';

@Resolver('Store')
export class StoreResolver {
  constructor(private readonly capacity: Capacity) {}

  @Query('store')
  @Access('public')
  async store(@Args('code') code: string): Promise<Store | null> {
    return (await this.capacity.world()).network.stores.get(code) ?? null;
  }

  @Query('stores')
  @Access('public')
  async stores(@Args() page: PageRequest): Promise<readonly Store[]> {
    return pageOf((await this.capacity.world()).network.stores, page);
  }

  @ResolveField('openingTimes')
  openingTimes(
    @Parent() store: Store,
    @Args('from') from: LocalDate,
    @Args('to') to: LocalDate,
  ): readonly Interval[] {
    checkDateRange(from, to);
    return openings(store, from, to);
  }
}
