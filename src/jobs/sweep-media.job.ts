import { Injectable } from '@nestjs/common';

import { Media } from '../features/media/index.ts';
import type { Job } from './job.ts';

/** Gives up uploads that were not completed, and pictures and clips that nobody gave to an order. */
@Injectable()
export class SweepMediaJob implements Job {
  readonly name = 'sweep-media';
  readonly everySeconds = 600;

  constructor(private readonly media: Media) {}

  run(): Promise<number> {
    return this.media.sweep();
  }
}
