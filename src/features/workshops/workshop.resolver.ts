import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import type { Store } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { PageRequest } from '../../platform/graphql/page.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { checkPlace, pairView, type GoodsCaller } from '../scans/index.ts';
import { Shelves } from './shelves.service.ts';
import { WorkLists, type WorkItem } from './work-list.service.ts';

/** Arguments of `workList` as they arrive. */
interface WorkListArguments {
  readonly workshopCode: string;
  readonly shiftStart?: EpochMs | null;
  readonly skill?: string | null;
  readonly first: number;
}

@Resolver()
@Access('staff', 'hq')
export class WorkshopResolver {
  constructor(private readonly lists: WorkLists) {}

  @Query('workList')
  async workList(@Args() asked: WorkListArguments, @CurrentCaller() caller: Caller) {
    checkPlace(asked.workshopCode, caller as GoodsCaller);
    const { shiftStart = null, skill = null } = asked;
    return (await this.lists.list({ ...asked, shiftStart, skill })).map(workView);
  }
}

@Resolver('Shelf')
@Access('staff', 'hq')
export class ShelfResolver {
  constructor(private readonly shelves: Shelves) {}

  @Query('shelf')
  async shelf(@Args('storeCode') storeCode: string, @CurrentCaller() caller: Caller) {
    checkPlace(storeCode, caller as GoodsCaller);
    const store = await this.shelves.find(storeCode);
    return store === null ? null : { storeCode, capacity: store.shelfPairs, store };
  }

  @ResolveField('days')
  days(@Parent() { store }: { readonly store: Store }, @Args('count') count: number) {
    return this.shelves.days(store, count);
  }

  @ResolveField('pairs')
  async pairs(@Parent() { store }: { readonly store: Store }, @Args() page: PageRequest) {
    return (await this.shelves.pairs(store, page)).map(pairView);
  }
}

const workView = ({ pair, operation, slackMin, ...item }: WorkItem) => ({
  ...item,
  pair: pairView(pair),
  position: operation.position,
  skill: operation.skill,
  units: operation.units,
  startedAt: operation.startedAt,
  slackMinutes: slackMin,
});
