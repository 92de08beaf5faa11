import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';

import { CapacityModule } from '../features/capacity/index.ts';
import { OrdersModule } from '../features/orders/index.ts';
import { JobTimers } from './job-timers.ts';
import { SweepHoldsJob } from './sweep-holds.job.ts';
import { TrimLedgerChangesJob } from './trim-ledger-changes.job.ts';

/** What runs on a clock. */
@Module({
  imports: [CapacityModule, OrdersModule, ScheduleModule.forRoot()],
  providers: [JobTimers, SweepHoldsJob, TrimLedgerChangesJob],
})
export class JobsModule {}
