import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';

import { AccountsModule } from '../features/accounts/index.ts';
import { BoardModule } from '../features/board/index.ts';
import { CapacityModule } from '../features/capacity/index.ts';
import { DeliveriesModule } from '../features/deliveries/index.ts';
import { GuardModule } from '../features/guard/index.ts';
import { MediaModule } from '../features/media/index.ts';
import { OrdersModule } from '../features/orders/index.ts';
import { PolicyModule } from '../features/policy/index.ts';
import { QueueModule } from '../features/queue/index.ts';
import { FindingsModule } from '../features/findings/index.ts';
import { ApplyReceiptsJob } from './apply-receipts.job.ts';
import { CheckShelvesJob } from './check-shelves.job.ts';
import { DaySheetsJob } from './day-sheets.job.ts';
import { ForgetJob } from './forget.job.ts';
import { DecideFindingsJob } from './decide-findings.job.ts';
import { FollowPolicyJob } from './follow-policy.job.ts';
import { GuardPromisesJob } from './guard-promises.job.ts';
import { JobTimers } from './job-timers.ts';
import { JOBS, type Job } from './job.ts';
import { MarkNoShowsJob } from './mark-no-shows.job.ts';
import { SendMessagesJob } from './send-messages.job.ts';
import { SweepHoldsJob } from './sweep-holds.job.ts';
import { SweepMediaJob } from './sweep-media.job.ts';
import { SweepPromisesJob } from './sweep-promises.job.ts';
import { TrimLedgerChangesJob } from './trim-ledger-changes.job.ts';

/** What runs on a clock. Adding a job: its file, and one line here. */
const ALL_JOBS = [
  SendMessagesJob,
  SweepHoldsJob,
  TrimLedgerChangesJob,
  FollowPolicyJob,
  ApplyReceiptsJob,
  DecideFindingsJob,
  SweepMediaJob,
  ForgetJob,
  DaySheetsJob,
  CheckShelvesJob,
  GuardPromisesJob,
  SweepPromisesJob,
  MarkNoShowsJob,
];

@Module({
  imports: [
    AccountsModule,
    BoardModule,
    CapacityModule,
    DeliveriesModule,
    FindingsModule,
    GuardModule,
    MediaModule,
    OrdersModule,
    PolicyModule,
    QueueModule,
    ScheduleModule.forRoot(),
  ],
  providers: [
    JobTimers,
    ...ALL_JOBS,
    { provide: JOBS, inject: ALL_JOBS, useFactory: (...jobs: Job[]): readonly Job[] => jobs },
  ],
})
export class JobsModule {}
