import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { BoardFeed } from './board-feed.ts';
import { checkStoreDate, type StoreDate } from './board-input.ts';
import type { DayBoard } from './board.ts';
import { DayBoards } from './day-boards.service.ts';

@Resolver()
@Access('staff', 'hq')
export class BoardResolver {
  constructor(
    private readonly boards: DayBoards,
    private readonly feed: BoardFeed,
  ) {}

  @Query('dayBoard')
  dayBoard(@Args() asked: StoreDate, @CurrentCaller() caller: Caller): Promise<DayBoard | null> {
    checkStoreDate(asked, caller);
    return this.boards.of(asked.storeCode, asked.date);
  }

  @Subscription('dayBoardChanged', { resolve: (board: DayBoard) => board })
  @Access('staff', 'hq')
  dayBoardChanged(
    @Args() asked: StoreDate,
    @CurrentCaller() caller: Caller,
  ): Promise<AsyncIterableIterator<DayBoard>> {
    checkStoreDate(asked, caller);
    return this.feed.open(asked.storeCode, asked.date);
  }
}
