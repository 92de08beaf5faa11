import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { BoardFeed } from './board-feed.ts';
import { BoardResolver } from './board.resolver.ts';
import { ChangedStores } from './changed-stores.ts';
import { DayBoards } from './day-boards.service.ts';
import { WatchedBoards } from './watched-boards.ts';

/** A store's day: who comes, what comes, and what is to be done. */
@Module({
  imports: [CapacityModule, OrdersModule],
  providers: [BoardFeed, BoardResolver, ChangedStores, DayBoards, WatchedBoards],
  exports: [DayBoards],
})
export class BoardModule {}
