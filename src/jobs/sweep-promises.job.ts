import { Injectable } from '@nestjs/common';

import { PromiseSweep } from '../features/guard/index.ts';
import type { Job } from './job.ts';

/** Finds promises that broke without a word. */
@Injectable()
export class SweepPromisesJob implements Job {
  readonly name = 'sweep-promises';
  readonly everySeconds = 60;

  constructor(private readonly sweep: PromiseSweep) {}

  run(): Promise<number> {
    return this.sweep.run();
  }
}
