import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import { ANONYMOUS, type Caller } from '../../platform/signin/caller.ts';
import { staffOf } from './callers.ts';
import { NoShows } from './no-shows.service.ts';
import type { QueuePlace } from './queue-board.ts';
import { QueueFeed } from './queue-feed.ts';
import { undoRequest } from './queue-input.ts';
import type { QueueSettingsInput } from './queue-settings.ts';
import { placeView, settingsAnswer, settingsView, undoAnswer } from './queue.view.ts';
import { QueueSettingsDesk } from './settings.service.ts';

/** How lines are run, what customers see of them live, and those who did not come. */
@Resolver()
export class QueueSettingsResolver {
  constructor(
    private readonly settings: QueueSettingsDesk,
    private readonly feed: QueueFeed,
    private readonly noShows: NoShows,
  ) {}

  @Query('queueSettings')
  @Access('staff', 'hq')
  async queueSettings(@Args('storeCode') storeCode: string, @CurrentCaller() caller: Caller) {
    staffOf(caller, storeCode);
    const found = await this.settings.of(storeCode);
    return found === null ? null : settingsView(found);
  }

  @Mutation('setQueueSettings')
  @Access('hq')
  async setQueueSettings(@Args('input') input: QueueSettingsInput) {
    return settingsAnswer(await this.settings.change(input));
  }

  @Mutation('undoNoShow')
  @Access('staff', 'hq')
  async undoNoShow(
    @Args('input') input: { readonly requestKey: string; readonly appointmentId: string },
    @CurrentCaller() caller: Caller,
  ) {
    return undoAnswer(await this.noShows.undo(undoRequest(input, caller)));
  }

  /** As everybody sees it who knows the id; a live connection has a token. */
  @Subscription('queueEntryChanged', {
    resolve: (place: QueuePlace) => placeView(place, ANONYMOUS),
  })
  @Access('customer', 'staff', 'hq')
  queueEntryChanged(@Args('id') id: string): Promise<AsyncIterableIterator<QueuePlace>> {
    return this.feed.open(id);
  }
}
