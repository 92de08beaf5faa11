import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/index.ts';
import { CapacityModule } from '../capacity/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { QueueModule } from '../queue/index.ts';
import { BoardFeed } from './board-feed.ts';
import { BoardResolver } from './board.resolver.ts';
import { ChangedStores } from './changed-stores.ts';
import { DayBoards } from './day-boards.service.ts';
import { DaySheets } from './day-sheets.service.ts';
import { SheetRecords } from './sheet-records.ts';
import { SheetSender } from './sheet-sender.ts';
import { Shelves } from './shelves.service.ts';
import { WatchedBoards } from './watched-boards.ts';

/** A store's day: who comes, what comes, what lies there, and what is to be done. */
@Module({
  imports: [AccountsModule, CapacityModule, MessagesModule, OrdersModule, QueueModule],
  providers: [
    BoardFeed,
    BoardResolver,
    ChangedStores,
    DayBoards,
    DaySheets,
    SheetRecords,
    SheetSender,
    Shelves,
    WatchedBoards,
  ],
  exports: [DaySheets, SheetSender, Shelves],
})
export class BoardModule {}
