import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { DAY_MS, type EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { badInput } from '../../platform/graphql/errors.ts';

export interface ChannelTraffic {
  readonly channel: string;
  readonly account: string;
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  readonly ambiguous: number;
}

export interface HourTraffic {
  readonly start: EpochMs;
  readonly owed: number;
  readonly notSent: number;
  readonly channels: readonly ChannelTraffic[];
}

export interface ChannelCost {
  readonly channel: string;
  readonly account: string;
  readonly costMinor: number;
  readonly currency: string;
}

export interface Traffic {
  readonly hours: readonly HourTraffic[];
  readonly costs: readonly ChannelCost[];
}

interface OwedRow {
  readonly hour: Date;
  readonly owed: number;
  readonly notSent: number;
}

interface DeliveryRow extends ChannelTraffic {
  readonly hour: Date;
}

const MOST_MS = 31 * DAY_MS;
const HOUR_MS = 3_600_000;

/** Counts what went out, for headquarters. */
@Injectable()
export class TrafficService {
  constructor(private readonly db: DataSource) {}

  /** @throws GraphQLError BAD_USER_INPUT unless `to` is after `from`, by 31 days at most */
  async between(from: EpochMs, to: EpochMs): Promise<Traffic> {
    if (to <= from) throw badInput('The end must be after the beginning.', 'to');
    if (to - from > MOST_MS) throw badInput('31 days at a time.', 'to');
    const span = [new Date(Math.floor(from / HOUR_MS) * HOUR_MS), new Date(to)];
    const owed = await run<OwedRow>(this.db, OWED, span);
    const sent = await run<DeliveryRow>(this.db, SENT, span);
    const costs = await run<ChannelCost>(this.db, COSTS, span);
    return { hours: hoursOf(owed, sent), costs };
  }
}

function hoursOf(owed: readonly OwedRow[], sent: readonly DeliveryRow[]): readonly HourTraffic[] {
  const hours = new Map<EpochMs, Omit<HourTraffic, 'channels'> & { channels: ChannelTraffic[] }>();
  const hourOf = (hour: Date) => {
    const start = hour.getTime();
    const known = hours.get(start) ?? { start, owed: 0, notSent: 0, channels: [] };
    hours.set(start, known);
    return known;
  };
  for (const row of owed) {
    hours.set(row.hour.getTime(), { ...hourOf(row.hour), owed: row.owed, notSent: row.notSent });
  }
  for (const { hour, ...channel } of sent) hourOf(hour).channels.push(channel);
  return [...hours.values()].sort((a, b) => a.start - b.start);
}

const OWED = {
  name: 'traffic-owed',
  text: `SELECT date_trunc('hour', owed_at, 'UTC') AS hour, count(*)::integer AS owed,
                (count(*) FILTER (WHERE state IN ('SKIPPED', 'WITHDRAWN', 'FAILED')))::integer
                  AS "notSent"
           FROM message WHERE owed_at >= $1 AND owed_at < $2 GROUP BY 1`,
};

const SENT = {
  name: 'traffic-sent',
  text: `SELECT date_trunc('hour', created_at, 'UTC') AS hour, channel, account,
                (count(*) FILTER (WHERE status IN ('ACCEPTED', 'SENT', 'UNDELIVERED', 'DELIVERED')))
                  ::integer AS sent,
                (count(*) FILTER (WHERE status = 'DELIVERED'))::integer AS delivered,
                (count(*) FILTER (WHERE status IN ('FAILED', 'UNDELIVERED', 'EXPIRED')))::integer
                  AS failed,
                (count(*) FILTER (WHERE status = 'AMBIGUOUS'))::integer AS ambiguous
           FROM delivery WHERE created_at >= $1 AND created_at < $2
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
};

const COSTS = {
  name: 'traffic-costs',
  text: `SELECT channel, account, currency, sum(cost_minor)::float8 AS "costMinor"
           FROM delivery
          WHERE created_at >= $1 AND created_at < $2 AND currency IS NOT NULL AND cost_minor > 0
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
};
