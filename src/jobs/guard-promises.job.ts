import { Injectable } from '@nestjs/common';

import { Guard } from '../features/guard/index.ts';
import type { Job } from './job.ts';

/** Plans orders again whose promise something may have broken. */
@Injectable()
export class GuardPromisesJob implements Job {
  readonly name = 'guard-promises';
  readonly everySeconds = 1;

  constructor(private readonly guard: Guard) {}

  run(): Promise<number> {
    return this.guard.run();
  }
}
