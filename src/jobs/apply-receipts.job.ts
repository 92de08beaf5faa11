import { Injectable } from '@nestjs/common';

import { Receipts } from '../features/accounts/index.ts';
import type { Job } from './job.ts';

/** Applies receipts that came at the very moment at which their delivery was being written. */
@Injectable()
export class ApplyReceiptsJob implements Job {
  readonly name = 'apply-receipts';
  readonly everySeconds = 30;

  constructor(private readonly receipts: Receipts) {}

  run(): Promise<number> {
    return this.receipts.applyMissed();
  }
}
