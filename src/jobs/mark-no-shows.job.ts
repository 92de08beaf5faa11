import { Injectable } from '@nestjs/common';

import { NoShows, Queue, Unserved } from '../features/queue/index.ts';
import type { Job } from './job.ts';

/** Marks who did not come by the end of the grace time, and ends visits that nobody ended. */
@Injectable()
export class MarkNoShowsJob implements Job {
  readonly name = 'mark-no-shows';
  readonly everySeconds = 30;

  constructor(
    private readonly noShows: NoShows,
    private readonly queue: Queue,
    private readonly unserved: Unserved,
  ) {}

  async run(): Promise<number> {
    const ended = await this.queue.endOld();
    const awaited = await this.unserved.run();
    return ended + awaited + (await this.noShows.mark());
  }
}
