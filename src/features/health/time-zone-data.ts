import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { Network } from '../../core/network/network.ts';
import { offsetMs } from '../../core/time/zone-offset.ts';
import { DAY_MS, type EpochMs, type TimeZone } from '../../core/time/time.ts';

/** A year ahead, every ten days: a rule that changed shows in one of them. */
const SAMPLES = 37;
const SAMPLE_DAYS = 10;
/** The server reads every zone of its disk for an answer, so the last one is good for a while. */
const REMEMBERED_MS = 10 * 60_000;

interface Comparison {
  readonly network: Network;
  readonly at: EpochMs;
  readonly differing: Promise<readonly TimeZone[]>;
}

interface OffsetRow {
  readonly zone: TimeZone;
  readonly at: string;
  readonly offset_ms: string;
}

/** Compares the zone rules of this process with those of the database server. */
@Injectable()
export class TimeZoneData {
  private last: Comparison | undefined;

  constructor(private readonly db: DataSource) {}

  /** Release that this process computes with. */
  get ofProcess(): string {
    return process.versions['tz'] ?? 'unknown';
  }

  /** Zones of the chain for which the two differ within a year; one that the server does not know differs. */
  differences(network: Network, now: EpochMs): Promise<readonly TimeZone[]> {
    const { last } = this;
    if (last?.network === network && now - last.at < REMEMBERED_MS) return last.differing;
    const differing = this.compare(network, now);
    const comparison = { network, at: now, differing };
    this.last = comparison;
    differing.catch(() => {
      if (this.last === comparison) this.last = undefined;
    });
    return differing;
  }

  private async compare(network: Network, now: EpochMs): Promise<readonly TimeZone[]> {
    const zones = zonesOf(network);
    const known = await this.db.query<{ name: TimeZone }[]>(
      `SELECT name FROM pg_timezone_names WHERE name = ANY ($1)`,
      [zones],
    );
    const names = known.map((row) => row.name);
    const instants = Array.from({ length: SAMPLES }, (_, i) => now + i * SAMPLE_DAYS * DAY_MS);
    const rows = await this.db.query<OffsetRow[]>(OFFSETS, [names, instants]);
    const differing = rows.filter(
      (row) => offsetMs(row.zone, Number(row.at)) !== Number(row.offset_ms),
    );
    const unknown = zones.filter((zone) => !names.includes(zone));
    return [...new Set([...unknown, ...differing.map((row) => row.zone)])].sort();
  }
}

const OFFSETS = `
  SELECT zone, at::text, (extract(epoch FROM
           (to_timestamp(at / 1000.0) AT TIME ZONE zone) - (to_timestamp(at / 1000.0) AT TIME ZONE 'UTC')
         ) * 1000)::bigint::text AS offset_ms
    FROM unnest($1::text[]) AS zone, unnest($2::bigint[]) AS at`;

function zonesOf({ stores, workshops, lines }: Network): readonly TimeZone[] {
  const places = [...stores.values(), ...workshops.values(), ...lines.values()];
  return [...new Set(places.map((place) => place.timeZone))].sort();
}
