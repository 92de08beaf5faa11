import { localDateOf } from '../../src/core/time/local-date.ts';
import { DAY_MS } from '../../src/core/time/time.ts';
import { BOARD_FIELDS } from '../support/board/reading.ts';
import { ground, withClient } from './support/ground.ts';
import { againstTrivial, requestText } from './support/latency.ts';
import type { Measure } from './support/measure.ts';

const VISITS = 400;
const READY = 60;
const ZONE = 'Asia/Shanghai';
const QUERY = `query ($storeCode: ID!, $date: LocalDate!) {
  dayBoard(storeCode: $storeCode, date: $date) { ${BOARD_FIELDS} }
}`;

/**
 * The whole board of a store on a date with 400 visits, goods on vans and on the shelf, a line and tasks,
 * beside a trivial field of the same server; on the chain with its orders.
 */
export async function* run(): AsyncIterable<Measure> {
  const { chain, databaseUrl, startService, token } = await ground();
  const { code: storeCode } = chain.stores![0]!;
  const date = localDateOf(Date.now() + 2 * DAY_MS, ZONE);
  await withClient(databaseUrl, async (db) => {
    const booked = `SELECT count(*)::int AS count FROM appointment
      WHERE store_code = $1 AND (starts_at AT TIME ZONE '${ZONE}')::date = $2::date`;
    const { rows } = await db.query<{ count: number }>(booked, [storeCode, date]);
    await db.query(FILL, [storeCode, date, Math.max(0, VISITS - rows[0]!.count), READY]);
    await db.query('ANALYZE');
  });
  const service = await startService();
  try {
    const next = (): string => requestText(QUERY, { storeCode, date });
    yield* await againstTrivial('day-board', service.url, next, token);
  } finally {
    await service.stop();
  }
}

/** Copies of orders with a visit there on the date, some of them ready, in the line, or with a task. */
const FILL = `
  WITH written AS (
    INSERT INTO customer_order (id, ticket_code, customer_id, status, version, promise, created_at, updated_at)
    SELECT gen_random_uuid(), 'DB' || $2::date || n, o.customer_id, CASE WHEN n <= $4::int THEN 'READY' ELSE 'BOOKED' END,
           1, o.promise, now(), now()
      FROM (SELECT *, row_number() OVER () AS n FROM
             (SELECT * FROM customer_order WHERE status = 'BOOKED' LIMIT $3::int) AS kept) AS o
    RETURNING id, ticket_code, status
  ), copied AS (
    SELECT *, row_number() OVER (ORDER BY status DESC, id) AS n FROM written
  ), items AS (
    INSERT INTO order_item (order_id, position, description, service_codes, pairs)
    SELECT id, 1, 'AJ1', '{clean}', 2 FROM copied
  ), visits AS (
    INSERT INTO appointment (id, order_id, kind, store_code, starts_at, ends_at, status)
    SELECT gen_random_uuid(), id, CASE WHEN status = 'READY' OR n % 2 = 0 THEN 'PICK_UP' ELSE 'DROP_OFF' END,
           $1::text, at, at + interval '30 min', 'BOOKED'
      FROM copied, LATERAL (SELECT ($2::date + interval '10 hours' + n % 20 * interval '30 min')
                                   AT TIME ZONE '${ZONE}' AS at) AS slot
  ), goods AS (
    INSERT INTO pair (id, order_id, item, number, tag, place, place_code, shelf, since)
    SELECT gen_random_uuid(), id, 1, number, ticket_code || '-' || number, 'STORE', $1::text, 'R' || n, now()
      FROM copied, generate_series(1, 2) AS number WHERE status = 'READY'
  ), line AS (
    INSERT INTO queue_entry (id, store_code, local_date, number, kind, visit_kind, pairs, arrived_at, due_at,
                             reduced_mobility, goes_first, state, version)
    SELECT gen_random_uuid(), $1::text, $2::date, 'W' || n, 'WALK_IN', 'DROP_OFF', 1, now(), now(), false, false,
           'WAITING', 1
      FROM copied WHERE n <= 30
  )
  INSERT INTO staff_task (id, store_code, kind, order_id, cause, reason, created_at)
  SELECT gen_random_uuid(), $1::text, 'CALL_CUSTOMER', id, 'bench', 'NO_ADDRESS', now() FROM copied WHERE n <= 10`;
