import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';

import { Access } from '../../platform/signin/access.ts';
import type { MessagePolicyInput } from './policy-input.ts';
import { Policy } from './policy.service.ts';
import { policyView, setPolicyAnswer } from './policy.view.ts';

@Resolver()
export class PolicyResolver {
  constructor(private readonly policy: Policy) {}

  @Query('messagePolicy')
  @Access('hq')
  async messagePolicy() {
    return policyView(await this.policy.standing());
  }

  @Mutation('setMessagePolicy')
  @Access('hq')
  async setMessagePolicy(@Args('input') input: MessagePolicyInput) {
    return setPolicyAnswer(await this.policy.change(input));
  }
}
