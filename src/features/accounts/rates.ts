import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

/** How many of the messages may go now, and when each of the others may ask again. */
export interface Turns {
  readonly granted: number;
  /** Growing; as many as were not granted. */
  readonly waitUntil: readonly EpochMs[];
}

interface TakenRow {
  readonly granted: number;
  /** Epoch ms with its fraction; exact to a thousandth. */
  readonly first: number;
}

/** Share of a limit that may go at once; the rest of it is what comes back in a second. */
const BURST = 0.1;
/** What the database may have cut off a time. */
const ROUNDING_MS = 0.01;

/**
 * How fast messages go out on each account, counted over all processes.
 *
 * A bucket of tokens for each: what lies in it and what comes back within a second are together no more
 * than the limit, so that no second holds more than that, wherever it begins.
 */
@Injectable()
export class Rates {
  /**
   * Takes turns for `wanted` messages. Those that get none are put one behind the other at the end of the
   * queue, so that they do not come back all at once; at its time each has to ask again.
   *
   * The bucket holds a tenth of a second's messages: to use up the limit, look at what is due at least ten
   * times a second while anybody waits. The account's row stays locked until a transaction ends.
   *
   * One statement: whoever comes second waits for the row, then reads what the first has left.
   *
   * @param perSecond the limit; a fraction if it is counted by the minute
   */
  async take(
    db: DataSource | EntityManager,
    { channel, account }: { readonly channel: string; readonly account: string },
    perSecond: number,
    wanted: number,
    now: EpochMs,
  ): Promise<Turns> {
    if (wanted <= 0) return { granted: 0, waitUntil: [] };
    const capacity = Math.max(1, BURST * perSecond);
    const refillPerSec = (1 - BURST) * perSecond;
    const values = [channel, account, new Date(now), capacity, refillPerSec, wanted];
    const taken = await this.takeOnce(db, values);
    const waiting = Array.from({ length: wanted - taken.granted }, (_, place) =>
      Math.ceil(taken.first + ROUNDING_MS + (place * 1000) / refillPerSec),
    );
    return { granted: taken.granted, waitUntil: waiting };
  }

  /** Nothing more goes out on the account before `until`: its provider has said that it is too much. */
  async pause(
    db: DataSource | EntityManager,
    { channel, account }: { readonly channel: string; readonly account: string },
    until: EpochMs,
  ): Promise<void> {
    await run(db, PAUSE, [channel, account, new Date(until)]);
  }

  private async takeOnce(
    db: DataSource | EntityManager,
    values: readonly unknown[],
  ): Promise<TakenRow> {
    const [taken] = await run<TakenRow>(db, TAKE, values);
    if (taken !== undefined) return taken;
    const [channel, account, now, capacity] = values;
    await run(db, FILL, [channel, account, now, capacity]);
    const [first] = await run<TakenRow>(db, TAKE, values);
    return first!;
  }
}

const FILL = {
  name: 'rate-fill',
  text: `INSERT INTO channel_rate (channel, account, tokens, refilled_at, queued_to)
         VALUES ($1, $2, $4, $3, $3) ON CONFLICT DO NOTHING`,
};

/** A clock that is behind, or a pause, finds `refilled_at` ahead of it: nothing comes back until then. */
const TAKE = {
  name: 'rate-take',
  text: `WITH bucket AS (
           SELECT channel, account, queued_to, greatest(refilled_at, $3::timestamptz) AS at,
                  least($4::float8, tokens + $5::float8
                    * greatest(0, extract(epoch FROM $3 - refilled_at)::float8)) AS tokens
             FROM channel_rate WHERE channel = $1 AND account = $2 FOR UPDATE
         ), taken AS (
           SELECT bucket.*, least($6::integer, floor(tokens)::integer) AS granted FROM bucket
         ), queued AS (
           SELECT taken.*, greatest(queued_to + make_interval(secs => 1 / $5),
                    at + make_interval(secs => greatest(0, 1 - (tokens - granted)) / $5)) AS first
             FROM taken
         )
         UPDATE channel_rate r
            SET tokens = q.tokens - q.granted, refilled_at = q.at,
                queued_to = CASE WHEN q.granted < $6 THEN
                  q.first + make_interval(secs => ($6 - q.granted - 1) / $5) ELSE r.queued_to END
           FROM queued q WHERE r.channel = q.channel AND r.account = q.account
      RETURNING q.granted, extract(epoch FROM q.first)::float8 * 1000 AS first`,
};

const PAUSE = {
  name: 'rate-pause',
  text: `INSERT INTO channel_rate AS r (channel, account, tokens, refilled_at, queued_to)
         VALUES ($1, $2, 0, $3, $3)
         ON CONFLICT (channel, account) DO UPDATE
            SET tokens = 0, refilled_at = greatest(r.refilled_at, excluded.refilled_at),
                queued_to = greatest(r.queued_to, excluded.queued_to)`,
};
