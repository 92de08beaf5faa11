import type pg from 'pg';
import { v7 as newId } from 'uuid';

import type { NetworkInput } from '../../../src/core/network/network-input.ts';
import type { EpochMs } from '../../../src/core/time/time.ts';
import { compiled } from './chain.ts';
import { ordersOfAWeek, type PlacedOrder } from './orders.ts';

const BATCH = 2000;

type Row = readonly (string | number)[];

/** A table's columns with their types, and what one order puts into it. */
interface Target {
  readonly table: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
  rowsOf(loaded: PlacedOrder, customerId: string, at: string): readonly Row[];
}

const TARGETS: readonly Target[] = [
  {
    table: 'customer_order',
    columns: [
      ['id', 'uuid'],
      ['ticket_code', 'text'],
      ['customer_id', 'uuid'],
      ['status', 'text'],
      ['version', 'integer'],
      ['promise', 'jsonb'],
      ['created_at', 'timestamptz'],
      ['updated_at', 'timestamptz'],
    ],
    rowsOf: ({ order: o }, customerId, at) => [
      [o.id, o.ticketCode, customerId, o.status, o.version, JSON.stringify(o.promise), at, at],
    ],
  },
  {
    table: 'order_item',
    columns: [
      ['order_id', 'uuid'],
      ['position', 'smallint'],
      ['description', 'text'],
      ['service_codes', 'text[]'],
      ['pairs', 'smallint'],
    ],
    rowsOf: ({ order }) =>
      order.items.map((item, index) => [
        order.id,
        index + 1,
        item.description,
        arrayText(item.serviceCodes),
        item.pairs,
      ]),
  },
  {
    table: 'appointment',
    columns: [
      ['id', 'uuid'],
      ['order_id', 'uuid'],
      ['kind', 'text'],
      ['store_code', 'text'],
      ['starts_at', 'timestamptz'],
      ['ends_at', 'timestamptz'],
      ['status', 'text'],
    ],
    rowsOf: ({ order }) =>
      [order.dropOff, order.pickUp].map((visit) => [
        visit.id,
        order.id,
        visit.kind,
        visit.storeCode,
        iso(visit.start),
        iso(visit.end),
        visit.status,
      ]),
  },
  {
    table: 'event',
    columns: [
      ['id', 'uuid'],
      ['order_id', 'uuid'],
      ['version', 'integer'],
      ['kind', 'text'],
      ['actor', 'text'],
      ['at', 'timestamptz'],
      ['after', 'jsonb'],
    ],
    rowsOf: ({ order }, _, at) => [
      [newId(), order.id, order.version, 'BOOKED', 'hq', at, JSON.stringify(order)],
    ],
  },
  {
    table: 'claim',
    columns: [
      ['owner_id', 'uuid'],
      ['resources', 'text[]'],
      ['starts', 'timestamptz[]'],
      ['amounts', 'integer[]'],
    ],
    rowsOf: ({ order, claims }) => [
      [
        order.id,
        arrayText(claims.map(({ resource }) => resource)),
        arrayText(claims.map(({ start }) => iso(start))),
        arrayText(claims.map(({ amount }) => amount)),
      ],
    ],
  },
];

const iso = (instant: EpochMs): string => new Date(instant).toISOString();

const arrayText = (values: readonly (string | number)[]): string =>
  `{${values.map((value) => JSON.stringify(value)).join(',')}}`;

/** The loaded week is repeated in so many weeks ahead, itself included, and as many that are over. */
const WEEKS = 7;
const FIRST_WEEK_OVER = -11;

/**
 * Fills a migrated, empty database with `chain` and about `count` orders ahead and as many in the past,
 * in all tables as bookings would have left them; the ledger is the sum of their claims. The promise of
 * a repeated order is told as that of the first one.
 */
export async function loadOrders(
  db: pg.Client,
  chain: NetworkInput,
  now: EpochMs,
  count: number,
): Promise<void> {
  // Foreign keys are not checked row by row: the rows come from one program.
  await db.query(`SET session_replication_role = replica`);
  const loader = new Loader(db, iso(now));
  const week = ordersOfAWeek(chain, compiled(chain, 1), now, Math.round(count / WEEKS));
  for (const placed of week) await loader.add(placed);
  await loader.flush();
  await db.query('CREATE TEMPORARY TABLE week AS SELECT id FROM customer_order');
  await db.query('ANALYZE week');
  for (let at = 0; at < WEEKS; at++) {
    if (at > 0) await repeatWeek(db, at, 'BOOKED', 'BOOKED');
    await repeatWeek(db, FIRST_WEEK_OVER + at, 'COLLECTED', 'FULFILLED');
  }
  for (const statement of SUMS) await db.query(statement);
  await db.query(`SET session_replication_role = origin`);
  await db.query(`VACUUM (ANALYZE)`);
}

const SUMS = [
  `INSERT INTO request_key (caller, key, content_hash, answer_id)
   SELECT 'hq', 'loaded-' || id, 'loaded', id FROM event`,
  `INSERT INTO ledger (resource, start, taken)
   SELECT taken.resource, taken.start, sum(taken.amount)
     FROM claim, unnest(resources, starts, amounts) AS taken (resource, start, amount)
    GROUP BY 1, 2`,
];

/** The first week's orders again, `weeks` later (negative: earlier), with ids of their own. */
async function repeatWeek(
  db: pg.Client,
  weeks: number,
  status: string,
  visitStatus: string,
): Promise<void> {
  const anew = (id: string): string => `md5(${id}::text || '/${weeks}')::uuid`;
  const later = `make_interval(weeks => ${weeks})`;
  const statements = [
    `INSERT INTO customer_order
     SELECT ${anew('o.id')}, substr(md5(o.id::text || '/${weeks}'), 1, 12), customer_id, '${status}',
            version, promise, created_at, updated_at
       FROM week JOIN customer_order o USING (id)`,
    `INSERT INTO order_item
     SELECT ${anew('order_id')}, position, description, service_codes, pairs
       FROM week JOIN order_item ON order_id = week.id`,
    `INSERT INTO appointment
     SELECT ${anew('a.id')}, ${anew('order_id')}, kind, store_code, starts_at + ${later},
            ends_at + ${later}, '${visitStatus}'
       FROM week JOIN appointment a ON order_id = week.id`,
    `INSERT INTO event (id, order_id, version, kind, actor, at, after)
     SELECT ${anew('e.id')}, ${anew('order_id')}, version, kind, actor, at, after
       FROM week JOIN event e ON order_id = week.id`,
    `INSERT INTO claim
     SELECT ${anew('owner_id')}, resources,
            ARRAY(SELECT one + ${later} FROM unnest(starts) WITH ORDINALITY AS s (one, at) ORDER BY at),
            amounts
       FROM week JOIN claim ON owner_id = week.id`,
  ];
  for (const statement of statements) await db.query(statement);
}

class Loader {
  private readonly batches = TARGETS.map((target) => ({ target, rows: [] as Row[] }));
  private readonly customers = new Map<string, string>();
  private orders = 0;

  constructor(
    private readonly db: pg.Client,
    private readonly at: string,
  ) {}

  async add(loaded: PlacedOrder): Promise<void> {
    const customerId = await this.customerOf(loaded.email);
    for (const { target, rows } of this.batches) {
      rows.push(...target.rowsOf(loaded, customerId, this.at));
    }
    if (++this.orders % BATCH === 0) await this.flush();
  }

  async flush(): Promise<void> {
    for (const batch of this.batches) {
      if (batch.rows.length > 0) await this.insert(batch.target, batch.rows);
      batch.rows = [];
    }
  }

  private async insert({ table, columns }: Target, rows: readonly Row[]): Promise<void> {
    const names = columns.map(([name]) => name).join(', ');
    const given = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
    const cast = columns.map(([name, type]) => `${name}::${type}`).join(', ');
    await this.db.query({
      name: `load-${table}`,
      text: `INSERT INTO ${table} (${names})
             SELECT ${cast} FROM unnest(${given}) AS given (${names})`,
      values: columns.map((_, index) => rows.map((row) => String(row[index]))),
    });
  }

  private async customerOf(email: string): Promise<string> {
    const known = this.customers.get(email);
    if (known !== undefined) return known;
    const id = newId();
    this.customers.set(email, id);
    await this.db.query(
      `WITH added AS (INSERT INTO customer (id, name, created_at) VALUES ($1, 'Some Customer', $2))
       INSERT INTO contact (kind, value, customer_id) VALUES ('email', $3, $1)`,
      [id, this.at, email],
    );
    return id;
  }
}
