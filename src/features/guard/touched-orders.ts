import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { limitOf } from '../../core/claims/limits.ts';
import { legsOf, workOf } from '../../core/claims/resource.ts';
import type { Network } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { DisruptionFacts } from '../network/index.ts';
import type { ReplanCause } from '../orders/index.ts';

type Closure = Extract<DisruptionFacts, { kind: 'CLOSE_STORE' }>;
type Cut = Extract<DisruptionFacts, { kind: 'CUT_SHIFT' }>;

/** Finds the orders that a disruption touches, by what they have taken and where they are expected. */
@Injectable()
export class TouchedOrders {
  constructor(private readonly db: DataSource) {}

  /**
   * By order of booking.
   *
   * @param network with the disruption in it
   * @param all of a cut shift: all that are worked on in it; else those that no longer fit, as whoever
   * booked first keeps their place
   */
  async of(
    facts: DisruptionFacts,
    network: Network,
    { all = false, from = null }: { readonly all?: boolean; readonly from?: EntityManager | null },
  ): Promise<readonly string[]> {
    const db = from ?? this.db;
    switch (facts.kind) {
      case 'CLOSE_STORE':
        return idsOf(await run(db, EXPECTED, closureValues(facts, network)));
      case 'CUT_SHIFT':
        return this.cut(facts, network, all, db);
      default: {
        const line = network.lines.get(facts.code);
        const legs = line === undefined ? [] : legsOf(line);
        const on = [legs, new Date(facts.start), facts.code];
        return idsOf(await run(db, ON_TRIP, on));
      }
    }
  }

  private async cut(
    { code, start, skill }: Cut,
    network: Network,
    all: boolean,
    db: DataSource | EntityManager,
  ): Promise<readonly string[]> {
    const resources = skill === null ? skillsOf(network, code) : [skill];
    const named = resources.map((each) => workOf(code, each));
    const rows = await run<WorkRow>(db, IN_SHIFT, [named, new Date(start)]);
    return all ? distinct(rows) : distinct(tooMany(network, rows, start));
  }
}

/** What befalls an order that a disruption of this kind touches. */
export const CAUSE_OF: Readonly<Record<DisruptionFacts['kind'], ReplanCause>> = {
  CLOSE_STORE: 'STORE_CLOSED',
  CUT_SHIFT: 'SHIFT_CUT',
  CANCEL_TRIP: 'TRIP_CHANGED',
  DELAY_TRIP: 'TRIP_CHANGED',
};

interface IdRow {
  readonly id: string;
}

interface WorkRow extends IdRow {
  readonly resource: string;
  readonly amount: number;
}

const idsOf = (rows: readonly unknown[]): readonly string[] =>
  (rows as readonly IdRow[]).map(({ id }) => id);

const distinct = (rows: readonly IdRow[]): readonly string[] => [...new Set(idsOf(rows))];

function skillsOf({ workshops }: Network, code: string): readonly string[] {
  const shifts = workshops.get(code)?.shifts ?? [];
  return [...new Set(shifts.flatMap(({ units }) => [...units.keys()]))];
}

/** Those for which nothing is left when all who booked before them have their units. */
function tooMany(network: Network, rows: readonly WorkRow[], start: EpochMs): readonly WorkRow[] {
  const taken = new Map<string, number>();
  return rows.filter(({ resource, amount }) => {
    const sum = (taken.get(resource) ?? 0) + amount;
    if (sum > (limitOf(network, { resource, start }) ?? 0)) return true;
    taken.set(resource, sum);
    return false;
  });
}

/** Vans bring nothing to a store that is closed and has no night drop. */
function closureValues({ code, start, end }: Closure, { stores, lines }: Network) {
  const takesGoods = stores.get(code)?.nightDrop === true;
  const legs = [...lines.values()].flatMap(legsOf);
  const legsTo = legs.filter((leg) => /^[^>]*>([^#]*)/.exec(leg)?.[1] === code);
  return [code, new Date(start), new Date(end), takesGoods ? [] : legsTo, start, end];
}

const IS_OPEN = `o.status NOT IN ('CANCELLED', 'COLLECTED')`;

/** Expected at the counter in that time, or on a van that comes to the store in that time. */
const EXPECTED = {
  name: 'touched-by-closing',
  text: `
    WITH touched AS (
      SELECT order_id AS id FROM appointment
       WHERE store_code = $1 AND starts_at < $3 AND ends_at > $2
         AND starts_at > $2::timestamptz - interval '2 days' AND status = 'BOOKED'
      UNION
      SELECT owner_id FROM claim c JOIN customer_order o ON o.id = c.owner_id
       WHERE c.resources && $4::text[] AND EXISTS (
         SELECT FROM jsonb_array_elements(o.promise->'steps') AS step
          WHERE step->>'kind' = 'RIDE' AND step->>'toCode' = $1
            AND (step->>'end')::bigint >= $5 AND (step->>'end')::bigint < $6)
    )
    SELECT o.id FROM touched JOIN customer_order o USING (id) WHERE ${IS_OPEN}
     ORDER BY o.created_at, o.id`,
};

/** Has taken room on the trip, or is on it. */
const ON_TRIP = {
  name: 'touched-on-trip',
  text: `
    WITH touched AS (
      SELECT c.owner_id AS id FROM claim c
       WHERE c.resources && $1::text[] AND EXISTS (
         SELECT FROM unnest(c.resources, c.starts) AS each (resource, start)
          WHERE each.resource = ANY ($1) AND each.start = $2)
      UNION
      SELECT order_id FROM pair WHERE place = 'TRIP' AND place_code = $3 AND trip_departs = $2
    )
    SELECT o.id FROM touched JOIN customer_order o USING (id) WHERE ${IS_OPEN}
     ORDER BY o.created_at, o.id`,
};

const IN_SHIFT = {
  name: 'touched-in-shift',
  text: `
    SELECT o.id, each.resource, each.amount
      FROM claim c JOIN customer_order o ON o.id = c.owner_id,
           unnest(c.resources, c.starts, c.amounts) AS each (resource, start, amount)
     WHERE c.resources && $1::text[] AND each.resource = ANY ($1) AND each.start = $2 AND ${IS_OPEN}
     ORDER BY o.created_at, o.id`,
};
