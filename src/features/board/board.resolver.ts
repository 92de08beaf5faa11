import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { BoardFeed } from './board-feed.ts';
import { checkStoreDate, type StoreDate } from './board-input.ts';
import type { DayBoard } from './board.ts';
import { DayBoards } from './day-boards.service.ts';
import { DaySheets } from './day-sheets.service.ts';
import type { SheetRecord } from './sheet-records.ts';

@Resolver()
@Access('staff', 'hq')
export class BoardResolver {
  constructor(
    private readonly boards: DayBoards,
    private readonly feed: BoardFeed,
    private readonly sheets: DaySheets,
  ) {}

  @Query('dayBoard')
  dayBoard(@Args() asked: StoreDate, @CurrentCaller() caller: Caller): Promise<DayBoard | null> {
    checkStoreDate(asked, caller);
    return this.boards.of(asked.storeCode, asked.date);
  }

  @Query('daySheet')
  daySheet(@Args() asked: StoreDate, @CurrentCaller() caller: Caller): Promise<SheetRecord | null> {
    checkStoreDate(asked, caller);
    return this.sheets.find(asked.storeCode, asked.date);
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
