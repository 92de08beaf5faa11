import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import type { VisitKind } from '../../core/counter/remaining.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { Arrivals } from './arrivals.service.ts';
import { staffOf } from './callers.ts';
import { JoinQueue } from './join-queue.service.ts';
import { QueueBoard } from './queue-board.ts';
import { LineReader } from './line-reader.ts';
import type { QueueEntryData } from './queue-entry.ts';
import {
  arriving,
  checkPairs,
  joinRequest,
  type CheckInInput,
  type JoinQueueInput,
} from './queue-input.ts';
import {
  arrivedAnswer,
  entryAnswer,
  LEFT_BECAUSE,
  linePlace,
  placeView,
  queueView,
  waitView,
} from './queue.view.ts';

/** The line as it is seen, and how people come into it. */
@Resolver('QueueEntry')
export class QueueResolver {
  constructor(
    private readonly board: QueueBoard,
    private readonly arrivals: Arrivals,
    private readonly joins: JoinQueue,
    private readonly reader: LineReader,
  ) {}

  @Query('expectedWait')
  @Access('public')
  async expectedWait(
    @Args('storeCode') storeCode: string,
    @Args('visitKind') visitKind: VisitKind,
    @Args('pairs') pairs: number,
  ) {
    checkPairs(pairs, 'pairs');
    const wait = await this.board.expected(storeCode, visitKind, pairs);
    return wait === null ? null : waitView(wait);
  }

  @Query('queue')
  @Access('staff', 'hq')
  async queue(@Args('storeCode') storeCode: string, @CurrentCaller() caller: Caller) {
    staffOf(caller, storeCode);
    const queue = await this.board.ofStore(storeCode);
    return queue === null ? null : queueView(queue, caller);
  }

  @Query('queueEntry')
  @Access('public')
  async queueEntry(@Args('id') id: string, @CurrentCaller() caller: Caller) {
    const place = await this.board.place(id);
    return place === null ? null : placeView(place, caller);
  }

  @ResolveField('place')
  async place(@Parent() entry: QueueEntryData & { readonly place?: unknown }) {
    return entry.place !== undefined ? entry.place : linePlace(await this.board.placeOf(entry));
  }

  @ResolveField('leftBecause')
  async leftBecause(@Parent() { id, state }: QueueEntryData) {
    return state === 'LEFT' ? LEFT_BECAUSE[await this.reader.leftBy(id)] : null;
  }

  @Mutation('checkIn')
  @Access('staff', 'hq')
  async checkIn(@Args('input') input: CheckInInput, @CurrentCaller() caller: Caller) {
    return arrivedAnswer(await this.arrivals.run(arriving(input, caller)), caller);
  }

  @Mutation('joinQueue')
  @Access('staff', 'hq')
  async joinQueue(@Args('input') input: JoinQueueInput, @CurrentCaller() caller: Caller) {
    return entryAnswer(await this.joins.run(joinRequest(input, caller)), caller);
  }
}
