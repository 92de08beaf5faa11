import { Injectable } from '@nestjs/common';

import type { EpochMs } from '../core/time/time.ts';

/** The only source of "now" in the service; tests put their own in its place. */
@Injectable()
export class Clock {
  now(): EpochMs {
    return Date.now();
  }
}
