import { Injectable } from '@nestjs/common';

import { Messenger } from '../features/deliveries/index.ts';
import type { Job } from './job.ts';

/** Sends the messages that are due, and works on with those that are on their way. */
@Injectable()
export class SendMessagesJob implements Job {
  readonly name = 'send-messages';
  readonly everySeconds = 1;

  constructor(private readonly messenger: Messenger) {}

  run(): Promise<number> {
    return this.messenger.tick();
  }
}
