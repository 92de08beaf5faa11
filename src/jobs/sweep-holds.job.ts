import { Injectable } from '@nestjs/common';

import { Holds } from '../features/orders/index.ts';
import type { Job } from './job.ts';

/** Gives back what expired holds have in the ledger. They take nothing before either; this tidies up. */
@Injectable()
export class SweepHoldsJob implements Job {
  readonly name = 'sweep-holds';
  readonly everySeconds = 30;

  constructor(private readonly holds: Holds) {}

  async run(): Promise<number> {
    let freed = 0;
    for (;;) {
      const more = await this.holds.freeExpired();
      if (more === 0) return freed;
      freed += more;
    }
  }
}
