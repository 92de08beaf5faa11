import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Violation } from '../support/messages/message-monitor.ts';
import { MessageStory } from '../support/messages/message-story.ts';
import { MISTAKES } from '../support/messages/planted-mistakes.ts';

const STEPS = 15;
const MOST_STORIES = 8;

let story: MessageStory;
beforeAll(async () => {
  story = await MessageStory.start();
});
afterAll(() => story.service.stop());

/** Stories, until one has a violation that is wanted, or there were many. */
async function firstOf(isWanted: (one: Violation) => boolean): Promise<Violation | undefined> {
  for (let seed = 1; seed <= MOST_STORIES; seed += 1) {
    const found = (await story.tell(seed, STEPS)).find(isWanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('what watches messages notices', () => {
  it.each([
    ['a reminder that a move made untrue', 'withdrawNothing', 'NOT_DEMANDED', 'pickup.reminder'],
    ['a message of a cancelled order', 'tellsTheCancelled', 'NOT_DEMANDED', 'dropoff.reminder'],
    ['that a cancellation is not told', 'tellsTheCancelled', 'LOST', 'CANCELLED'],
    ['a reminder that is lost', 'forgets', 'LOST', 'PICK_UP_DAY'],
    ['a message that is sent twice', 'sendsTwice', 'NOT_DEMANDED', 'order.received'],
    ['a reminder that is late', 'isAnHourLate', 'LOST', 'DROP_OFF_REMINDER'],
    [
      ...(['a reminder of what will not be ready', 'remindsOfWhatWillNotBeReady'] as const),
      ...(['NOT_DEMANDED', 'pickup.day'] as const),
    ],
  ] as const)('%s', async (_, mistake, code, kind) => {
    const planted = await MISTAKES[mistake](story.service);
    try {
      const found = await firstOf((one) => one.code === code && one.kind === kind);
      expect(found).toMatchObject({ code, kind });
    } finally {
      await planted.undo();
    }
  });

  it('a policy that is not followed', async () => {
    story.isFollowed = false;
    const found = await firstOf(({ code }) => code === 'LOST' || code === 'NOT_DEMANDED');
    story.isFollowed = true;
    expect(found).toBeDefined();
  });

  it('nothing, once there is no mistake any more', async () => {
    expect(await story.tell(1, STEPS)).toEqual([]);
  });
});
