import { Args, Mutation, Resolver } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { CallNext } from './call-next.service.ts';
import { Desks } from './desks.service.ts';
import { MoveEntry } from './move-entry.service.ts';
import {
  deskRequest,
  entryRequest,
  openDeskRequest,
  type DeskInput,
  type OpenDeskInput,
  type QueueEntryInput,
} from './queue-input.ts';
import { deskAnswer, entryAnswer } from './queue.view.ts';

/** What staff do at their desks. */
@Resolver()
@Access('staff', 'hq')
export class DeskResolver {
  constructor(
    private readonly desks: Desks,
    private readonly calls: CallNext,
    private readonly moves: MoveEntry,
  ) {}

  @Mutation('openDesk')
  async openDesk(@Args('input') input: OpenDeskInput, @CurrentCaller() caller: Caller) {
    return deskAnswer(await this.desks.open(openDeskRequest(input, caller)));
  }

  @Mutation('closeDesk')
  async closeDesk(@Args('input') input: DeskInput, @CurrentCaller() caller: Caller) {
    return deskAnswer(await this.desks.close(deskRequest(input, caller)));
  }

  @Mutation('callNext')
  async callNext(@Args('input') input: DeskInput, @CurrentCaller() caller: Caller) {
    return entryAnswer(await this.calls.run(deskRequest(input, caller)), caller);
  }

  @Mutation('recall')
  recall(@Args('input') input: QueueEntryInput, @CurrentCaller() caller: Caller) {
    return this.move('recall', input, caller);
  }

  @Mutation('serve')
  serve(@Args('input') input: QueueEntryInput, @CurrentCaller() caller: Caller) {
    return this.move('serve', input, caller);
  }

  @Mutation('holdEntry')
  holdEntry(@Args('input') input: QueueEntryInput, @CurrentCaller() caller: Caller) {
    return this.move('hold', input, caller);
  }

  @Mutation('resumeEntry')
  resumeEntry(@Args('input') input: QueueEntryInput, @CurrentCaller() caller: Caller) {
    return this.move('resume', input, caller);
  }

  @Mutation('finishVisit')
  finishVisit(@Args('input') input: QueueEntryInput, @CurrentCaller() caller: Caller) {
    return this.move('finish', input, caller);
  }

  @Mutation('leaveQueue')
  leaveQueue(@Args('input') input: QueueEntryInput, @CurrentCaller() caller: Caller) {
    return this.move('leave', input, caller);
  }

  @Mutation('transferVisit')
  transferVisit(
    @Args('input') input: QueueEntryInput & { readonly desk: string },
    @CurrentCaller() caller: Caller,
  ) {
    return this.move('transfer', input, caller);
  }

  private async move(
    move: 'recall' | 'serve' | 'hold' | 'resume' | 'finish' | 'leave' | 'transfer',
    input: QueueEntryInput & { readonly desk?: string },
    caller: Caller,
  ) {
    return entryAnswer(await this.moves.run(move, entryRequest(input, caller)), caller);
  }
}
