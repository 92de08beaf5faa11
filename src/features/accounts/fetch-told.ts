import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { CallbackRequest } from '../../channels/channel.ts';
import { run } from '../../platform/database/statement.ts';
import type { Account } from './account.ts';
import { ChannelEvents } from './channel-events.ts';
import { SendContexts } from './send-contexts.ts';

/** Providers wait for our answer to their call, some for five seconds. */
const MOST_MS = 4000;

/** Fetches what providers have to tell that only call to say that there is something. */
@Injectable()
export class FetchTold {
  private readonly log = new Logger('hooks');

  constructor(
    private readonly db: DataSource,
    private readonly events: ChannelEvents,
    private readonly contexts: SendContexts,
  ) {}

  /**
   * Of two at once one moves the cursor, and the other drops what it fetched. What could not be fetched is
   * fetched with the next call.
   */
  async run(account: Account, call: CallbackRequest): Promise<void> {
    const { channel, settings } = account;
    if (channel.fetchTold === undefined) return;
    const name = [channel.descriptor.name, account.account];
    const [row] = await run<{ cursor: string }>(this.db, READ, name);
    const before = row?.cursor ?? null;
    const context = this.contexts.of(AbortSignal.timeout(MOST_MS));
    const told = await channel.fetchTold(settings, before, call, context);
    if (!told.ok) {
      this.log.warn(`nothing fetched from ${name.join(' ')}: ${told.code} ${told.message}`);
      return;
    }
    const { events, cursor } = told;
    if (events.length === 0 && cursor === before) return;
    const move = async (tx: EntityManager): Promise<boolean> => {
      if (cursor === null || cursor === before) return true;
      return (await run(tx, MOVE, [...name, cursor, before])).length === 1;
    };
    await this.events.apply(account, events, move);
  }
}

const READ = {
  name: 'channel-cursor-read',
  text: `SELECT cursor FROM channel_cursor WHERE channel = $1 AND account = $2`,
};

const MOVE = {
  name: 'channel-cursor-move',
  text: `INSERT INTO channel_cursor AS c (channel, account, cursor) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT pk_channel_cursor DO UPDATE SET cursor = excluded.cursor
          WHERE c.cursor = $4
         RETURNING 1 AS moved`,
};
