import { Module } from '@nestjs/common';

import { NetworkModule } from '../network/index.ts';
import { Capacity } from './capacity.service.ts';
import { LedgerFeed } from './ledger-feed.ts';
import { Ledger } from './ledger.ts';

/** What can run out, and what is taken of it. */
@Module({
  imports: [NetworkModule],
  providers: [Capacity, Ledger, LedgerFeed],
  exports: [Capacity, Ledger],
})
export class CapacityModule {}
