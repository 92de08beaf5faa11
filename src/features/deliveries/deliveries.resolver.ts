import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';

import type { EpochMs } from '../../core/time/time.ts';
import type { PageRequest } from '../../platform/graphql/page.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, CustomerCaller } from '../../platform/signin/caller.ts';
import { againAnswer, taskAnswer, wishesAnswer, wishesView } from './deliveries.view.ts';
import { againRequest, checkStore, mendRequest, wishesFrom } from './delivery-input.ts';
import type {
  MendMessageInput,
  MessagePreferencesInput,
  SendMessageAgainInput,
} from './delivery-input.ts';
import { MessageRecords, type StoreCaller } from './message-records.ts';
import { messageView, sentView } from './message-records.view.ts';
import { Preferences } from './preferences.service.ts';
import { SendAgain } from './send-again.service.ts';
import { StaffTasks } from './staff-tasks.ts';
import { TrafficService } from './traffic.service.ts';

interface StorePage extends PageRequest {
  readonly storeCode: string;
}

@Resolver()
@Access('customer')
export class MyMessagesResolver {
  constructor(
    private readonly records: MessageRecords,
    private readonly preferences: Preferences,
  ) {}

  @Query('myMessages')
  async myMessages(@Args() page: PageRequest, @CurrentCaller() caller: Caller) {
    return (await this.records.sentTo(caller as CustomerCaller, page)).map(sentView);
  }

  @Query('myMessagePreferences')
  async myMessagePreferences(@CurrentCaller() caller: Caller) {
    return wishesView(await this.preferences.of(caller as CustomerCaller));
  }

  @Mutation('setMyMessagePreferences')
  async setMyMessagePreferences(
    @Args('input') input: MessagePreferencesInput,
    @CurrentCaller() caller: Caller,
  ) {
    return wishesAnswer(await this.preferences.set(caller as CustomerCaller, wishesFrom(input)));
  }
}

@Resolver()
@Access('staff', 'hq')
export class OrderMessagesResolver {
  constructor(
    private readonly records: MessageRecords,
    private readonly again: SendAgain,
    private readonly tasks: StaffTasks,
  ) {}

  @Query('orderMessages')
  async orderMessages(@Args('orderId') orderId: string, @CurrentCaller() caller: Caller) {
    const records = await this.records.ofOrder(orderId, caller as StoreCaller);
    return records?.map(messageView) ?? null;
  }

  @Query('failedMessages')
  async failedMessages(@Args() { storeCode, ...page }: StorePage, @CurrentCaller() caller: Caller) {
    checkStore(storeCode, caller);
    return (await this.records.failed(storeCode, page)).map(messageView);
  }

  @Query('staffTasks')
  staffTasks(@Args() { storeCode, ...page }: StorePage, @CurrentCaller() caller: Caller) {
    checkStore(storeCode, caller);
    return this.tasks.open(storeCode, page);
  }

  @Mutation('sendMessageAgain')
  async sendMessageAgain(
    @Args('input') input: SendMessageAgainInput,
    @CurrentCaller() caller: Caller,
  ) {
    return againAnswer(await this.again.run(againRequest(input, caller)));
  }

  @Mutation('mendMessage')
  async mendMessage(@Args('input') input: MendMessageInput, @CurrentCaller() caller: Caller) {
    return againAnswer(await this.again.run(mendRequest(input, caller)));
  }

  @Mutation('completeTask')
  async completeTask(@Args('taskId') taskId: string, @CurrentCaller() caller: Caller) {
    return taskAnswer(await this.tasks.complete(taskId, caller as StoreCaller));
  }
}

@Resolver()
@Access('hq')
export class MessageTrafficResolver {
  constructor(private readonly traffic: TrafficService) {}

  @Query('messageTraffic')
  messageTraffic(@Args() { from, to }: { readonly from: EpochMs; readonly to: EpochMs }) {
    return this.traffic.between(from, to);
  }
}
