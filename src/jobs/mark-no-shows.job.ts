import { Injectable } from '@nestjs/common';

import { NoShows, Queue } from '../features/queue/index.ts';
import type { Job } from './job.ts';

/** Marks who did not come by the end of the grace time, and ends visits that nobody ended. */
@Injectable()
export class MarkNoShowsJob implements Job {
  readonly name = 'mark-no-shows';
  readonly everySeconds = 30;

  constructor(
    private readonly noShows: NoShows,
    private readonly queue: Queue,
  ) {}

  async run(): Promise<number> {
    return (await this.noShows.mark()) + (await this.queue.endOld());
  }
}
