import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MessageStory } from '../support/messages/message-story.ts';

const STORIES = Number(process.env['MESSAGE_STORIES'] ?? 24);
const FIRST_SEED = Number(process.env['MESSAGE_SEED'] ?? 1);
const STEPS = 20;

let story: MessageStory;
beforeAll(async () => {
  story = await MessageStory.start();
});
afterAll(() => story.service.stop());

describe('whatever happens to orders', () => {
  let sent = 0;

  it.each(Array.from({ length: STORIES }, (_, n) => FIRST_SEED + n))(
    'sends what the policy demands, each once and in its time (%i)',
    async (seed) => {
      expect(await story.tell(seed, STEPS)).toEqual([]);
      sent += story.monitor.sentCount;
    },
  );

  it('sends much', () => {
    expect(sent).toBeGreaterThan(10 * STORIES);
  });
});
