import { Inject, Injectable } from '@nestjs/common';

import { DAY_MS } from '../core/time/time.ts';
import { DaySheets } from '../features/board/index.ts';
import { MessageForgetting } from '../features/deliveries/index.ts';
import { Media } from '../features/media/index.ts';
import { OrderForgetting } from '../features/orders/index.ts';
import { Clock } from '../platform/clock.ts';
import { CONFIG, type Config } from '../platform/config/config.ts';
import type { Job } from './job.ts';

/** One run takes no longer than these rounds; the next hour goes on. */
const MOST_ROUNDS = 200;

/** Deletes what is kept for a time only. */
@Injectable()
export class ForgetJob implements Job {
  readonly name = 'forget';
  readonly everySeconds = 3600;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
    private readonly orders: OrderForgetting,
    private readonly messages: MessageForgetting,
    private readonly sheets: DaySheets,
    private readonly media: Media,
  ) {}

  async run(): Promise<number> {
    const now = this.clock.now();
    const before = now - this.config.RETENTION_DAYS * DAY_MS;
    let all = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const forgotten =
        (await this.orders.forget(now)) +
        (await this.messages.forget(before)) +
        (await this.sheets.forget(before)) +
        (await this.media.forget(before));
      if (forgotten === 0) break;
      all += forgotten;
    }
    return all;
  }
}
