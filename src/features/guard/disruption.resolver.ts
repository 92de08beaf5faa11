import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';

import type { PageRequest } from '../../platform/graphql/page.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import {
  checkForm,
  checkRequestKey,
  type ApplyDisruptionInput,
  type DisruptionCaller,
  type DisruptionInput,
} from './disruption-input.ts';
import { DisruptionRecords } from './disruption-records.ts';
import { disruptionAnswer, disruptionView, previewAnswer } from './disruption.view.ts';
import { Disruptions } from './disruptions.service.ts';
import { PreviewDisruption } from './preview-disruption.service.ts';

@Resolver()
@Access('staff', 'hq')
export class DisruptionResolver {
  constructor(
    private readonly disruptions: Disruptions,
    private readonly previews: PreviewDisruption,
    private readonly records: DisruptionRecords,
  ) {}

  @Query('previewDisruption')
  async previewDisruption(@Args('input') input: DisruptionInput, @CurrentCaller() caller: Caller) {
    checkForm(input);
    return previewAnswer(await this.previews.run(input, caller as DisruptionCaller));
  }

  @Query('disruptions')
  async standing(@Args() page: PageRequest) {
    return (await this.records.standing(page)).map(disruptionView);
  }

  @Mutation('applyDisruption')
  async applyDisruption(
    @Args('input') input: ApplyDisruptionInput,
    @CurrentCaller() caller: Caller,
  ) {
    checkRequestKey(input.requestKey);
    checkForm(input.disruption);
    return disruptionAnswer(await this.disruptions.apply(input, caller as DisruptionCaller));
  }

  @Mutation('liftDisruption')
  async liftDisruption(@Args('id') id: string, @CurrentCaller() caller: Caller) {
    return disruptionAnswer(await this.disruptions.lift(id, caller as DisruptionCaller));
  }
}
