import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/index.ts';
import { CalendarsModule } from '../calendars/index.ts';
import { CapacityModule } from '../capacity/index.ts';
import { CustomersModule } from '../customers/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { TemplatesModule } from '../templates/index.ts';
import { Attempts } from './attempts.ts';
import { Claims } from './claims.ts';
import {
  MessageTrafficResolver,
  MyMessagesResolver,
  OrderMessagesResolver,
} from './deliveries.resolver.ts';
import { DeliveryMetrics } from './delivery-metrics.ts';
import { DueMessages } from './due-messages.ts';
import { MessageForgetting } from './forgetting.ts';
import { MessageRecords } from './message-records.ts';
import { Messenger } from './messenger.ts';
import { NextSteps } from './next-step.ts';
import { OpenedWriter } from './opened-writer.ts';
import { Opener } from './opener.ts';
import { Openings } from './openings.ts';
import { Preferences } from './preferences.service.ts';
import { Recorder } from './recorder.ts';
import { RecordWriter } from './record-writer.ts';
import { Reviewer } from './reviewer.ts';
import { SendAgain } from './send-again.service.ts';
import { Sender } from './sender.ts';
import { StaffTasks } from './staff-tasks.ts';
import { SurroundingsReader } from './surroundings.ts';
import { TrafficService } from './traffic.service.ts';
import { DeliveryTurns } from './turns.ts';

/** Messages on their way: sent, retried, looked up, handed to the next channel, and shown. */
@Module({
  imports: [
    AccountsModule,
    CalendarsModule,
    CapacityModule,
    CustomersModule,
    MessagesModule,
    OrdersModule,
    TemplatesModule,
  ],
  providers: [
    Attempts,
    Claims,
    DeliveryMetrics,
    DeliveryTurns,
    DueMessages,
    MessageForgetting,
    MessageRecords,
    MessageTrafficResolver,
    Messenger,
    MyMessagesResolver,
    NextSteps,
    OpenedWriter,
    Opener,
    Openings,
    OrderMessagesResolver,
    Preferences,
    Recorder,
    RecordWriter,
    Reviewer,
    SendAgain,
    Sender,
    StaffTasks,
    SurroundingsReader,
    TrafficService,
  ],
  exports: [MessageForgetting, Messenger, StaffTasks],
})
export class DeliveriesModule {}
