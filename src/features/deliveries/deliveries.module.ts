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
import { DueMessages } from './due-messages.ts';
import { Messenger } from './messenger.ts';
import { NextSteps } from './next-step.ts';
import { OpenedWriter } from './opened-writer.ts';
import { Opener } from './opener.ts';
import { Openings } from './openings.ts';
import { Recorder } from './recorder.ts';
import { RecordWriter } from './record-writer.ts';
import { Reviewer } from './reviewer.ts';
import { Sender } from './sender.ts';
import { SurroundingsReader } from './surroundings.ts';
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
    DeliveryTurns,
    DueMessages,
    Messenger,
    NextSteps,
    OpenedWriter,
    Opener,
    Openings,
    Recorder,
    RecordWriter,
    Reviewer,
    Sender,
    SurroundingsReader,
  ],
  exports: [Messenger],
})
export class DeliveriesModule {}
