import { Injectable } from '@nestjs/common';

import { Messenger } from '../features/deliveries/index.ts';
import { OrderNews } from '../features/orders/index.ts';
import type { Job } from './job.ts';

/** Sends the messages that are due, and works on with those that are on their way. */
@Injectable()
export class SendMessagesJob implements Job {
  readonly name = 'send-messages';
  readonly everySeconds = 1;

  constructor(
    private readonly messenger: Messenger,
    private readonly news: OrderNews,
  ) {}

  run(): Promise<number> {
    return this.messenger.tick();
  }

  /** With the change of an order its news are owed. */
  wakes(wake: () => void): () => void {
    return this.news.listen({ changed: wake, missed: wake });
  }
}
