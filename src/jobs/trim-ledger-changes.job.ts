import { Injectable } from '@nestjs/common';

import { Ledger } from '../features/capacity/index.ts';
import type { Job } from './job.ts';

/** Deletes changes of the ledger that every process has long followed. */
@Injectable()
export class TrimLedgerChangesJob implements Job {
  readonly name = 'trim-ledger-changes';
  readonly everySeconds = 300;

  constructor(private readonly ledger: Ledger) {}

  run(): Promise<number> {
    return this.ledger.trimChanges();
  }
}
