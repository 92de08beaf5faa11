import type { EpochMs } from '../../src/core/time/time.ts';
import { Clock } from '../../src/platform/clock.ts';

/** A clock that stands still until it is moved. */
export class TestClock extends Clock {
  constructor(private current: EpochMs) {
    super();
  }

  override now(): EpochMs {
    return this.current;
  }

  set(instant: EpochMs): void {
    this.current = instant;
  }

  advance(byMs: number): void {
    this.current += byMs;
  }
}
