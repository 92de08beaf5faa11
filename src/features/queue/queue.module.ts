import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { Arrivals } from './arrivals.service.ts';
import { CallNext } from './call-next.service.ts';
import { CancelInLine } from './cancel-in-line.service.ts';
import { CancelResolver } from './cancel.resolver.ts';
import { CheckIn } from './check-in.service.ts';
import { DeskResolver } from './desk.resolver.ts';
import { Desks } from './desks.service.ts';
import { JoinQueue } from './join-queue.service.ts';
import { LineChanges } from './line-changes.ts';
import { LineReader } from './line-reader.ts';
import { LineWriter } from './line-writer.ts';
import { MissedVisits } from './missed-visits.ts';
import { MoveEntry } from './move-entry.service.ts';
import { NearCustomers } from './near-customers.ts';
import { NoShows } from './no-shows.service.ts';
import { QueueBoard } from './queue-board.ts';
import { QueueFeed } from './queue-feed.ts';
import { QueueNews } from './queue-news.ts';
import { QueueSettingsResolver } from './queue-settings.resolver.ts';
import { QueueResolver } from './queue.resolver.ts';
import { Queue } from './queue.service.ts';
import { QueueSettingsDesk } from './settings.service.ts';
import { Tickets } from './tickets.ts';
import { Unserved } from './unserved.service.ts';

/** The line at the counter of each store: who is in it, who is next, how long it takes, who did not come. */
@Module({
  imports: [CapacityModule, MessagesModule, OrdersModule],
  providers: [
    Arrivals,
    CallNext,
    CancelInLine,
    CancelResolver,
    CheckIn,
    DeskResolver,
    Desks,
    JoinQueue,
    LineChanges,
    LineReader,
    LineWriter,
    MissedVisits,
    MoveEntry,
    NearCustomers,
    NoShows,
    Queue,
    QueueBoard,
    QueueFeed,
    QueueNews,
    QueueResolver,
    QueueSettingsDesk,
    QueueSettingsResolver,
    Tickets,
    Unserved,
  ],
  exports: [NoShows, Queue, QueueBoard, QueueNews, Unserved],
})
export class QueueModule {}
