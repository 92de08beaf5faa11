import { Module } from '@nestjs/common';

import { MessagePolicies } from './message-policies.ts';
import { Outbox } from './outbox.ts';

/** Messages: which are owed, and by what policy. */
@Module({
  providers: [MessagePolicies, Outbox],
  exports: [MessagePolicies, Outbox],
})
export class MessagesModule {}
