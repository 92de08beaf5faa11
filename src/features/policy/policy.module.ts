import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { FollowPolicy } from './follow-policy.ts';
import { PolicyResolver } from './policy.resolver.ts';
import { Policy } from './policy.service.ts';

/** What headquarters decide about messages. */
@Module({
  imports: [CapacityModule, MessagesModule, OrdersModule],
  providers: [FollowPolicy, Policy, PolicyResolver],
  exports: [FollowPolicy],
})
export class PolicyModule {}
