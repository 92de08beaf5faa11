import { Injectable } from '@nestjs/common';

import { Shelves } from '../features/board/index.ts';
import type { Job } from './job.ts';

/** At each store's midnight: keeps the place of goods that were not collected when they were to be. */
@Injectable()
export class CheckShelvesJob implements Job {
  readonly name = 'check-shelves';
  readonly everySeconds = 60;

  constructor(private readonly shelves: Shelves) {}

  run(): Promise<number> {
    return this.shelves.check();
  }
}
