import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import type { OrderData } from '../../core/orders/order.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import {
  deciderOf,
  decideRequest,
  reportRequest,
  type DecideFindingInput,
  type ReportFindingInput,
} from './finding-input.ts';
import { decideAnswer, findingView, reportAnswer } from './finding.view.ts';
import { Findings } from './findings.service.ts';
import { HouseRules, type HouseRulesInput } from './house-rules.ts';

@Resolver('Order')
export class FindingsResolver {
  constructor(private readonly findings: Findings) {}

  @Query('findings')
  @Access('customer', 'staff', 'hq')
  async ofOrder(@Args('orderId') orderId: string, @CurrentCaller() caller: Caller) {
    const found = await this.findings.seenBy(orderId, caller as SignedInCaller);
    return found === null ? null : found.map(findingView);
  }

  @ResolveField('findings')
  async findingsOf(@Parent() order: OrderData) {
    return (await this.findings.ofOrder(order.id)).map(findingView);
  }

  @Mutation('reportFinding')
  @Access('staff', 'hq')
  async reportFinding(@Args('input') input: ReportFindingInput, @CurrentCaller() caller: Caller) {
    return reportAnswer(await this.findings.report(reportRequest(input, caller)));
  }

  @Mutation('decideFinding')
  @Access('customer', 'staff', 'hq')
  async decideFinding(@Args('input') input: DecideFindingInput, @CurrentCaller() caller: Caller) {
    return decideAnswer(await this.findings.decide(decideRequest(input), deciderOf(caller)));
  }
}

@Resolver()
export class HouseRulesResolver {
  constructor(private readonly rules: HouseRules) {}

  @Query('houseRules')
  @Access('staff', 'hq')
  async houseRules() {
    return this.rules.standing();
  }

  @Mutation('setHouseRules')
  @Access('hq')
  async setHouseRules(@Args('input') input: HouseRulesInput) {
    return this.rules.change(input);
  }
}
