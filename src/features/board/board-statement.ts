import type { BoardGoods, BoardTask, BoardTotals, BoardVisit, BoardWalkIn } from './board.ts';

/** As the database has it: what only the chain knows is left out. */
export interface BoardRow {
  readonly chain_version: string;
  readonly visits: readonly BoardVisit[] | null;
  readonly walk_ins: readonly BoardWalkIn[] | null;
  readonly arrivals: readonly ArrivalRow[] | null;
  readonly ready: readonly Omit<BoardGoods, 'overdueDays'>[] | null;
  readonly tasks: readonly BoardTask[] | null;
  readonly totals: Omit<BoardTotals, 'arrivals' | 'pairsDue'>;
}

/** Goods of one of the vans that were asked about. */
export interface ArrivalRow {
  /** Position of the van among those that were asked about, from 1 on. */
  readonly van: number;
  readonly orders: number;
  readonly pairs: number;
  readonly onBoard: number;
  readonly unloaded: number;
  readonly arrivedAt: number | null;
}

/** Most rows of each list. */
export const MOST = { visits: 600, walkIns: 200, ready: 300, tasks: 100 } as const;

const ms = (instant: string): string => `(extract(epoch FROM ${instant}) * 1000)::bigint`;

const PAIRS = `(SELECT sum(i.pairs)::int FROM order_item i WHERE i.order_id = o.id)`;
const IN_LINE = `('WAITING', 'CALLED', 'SERVING', 'HELD')`;

/** All visits of the date that stand, with how far each has come. */
const VISITS = `
  SELECT a.id AS "appointmentId", a.order_id AS "orderId", o.ticket_code AS "ticketCode", a.kind,
         ${ms('a.starts_at')} AS start, ${ms('a.ends_at')} AS end,
         CASE WHEN a.status = 'FULFILLED' THEN 'DONE'
              WHEN a.status = 'CHECKED_IN' THEN 'ARRIVED'
              WHEN a.status = 'NO_SHOW' THEN 'MISSED'
              WHEN a.kind = 'DROP_OFF' AND o.status <> 'BOOKED' OR o.status = 'COLLECTED' THEN 'DONE'
              WHEN a.starts_at + line.late_window < $5 THEN 'LATE'
              ELSE 'EXPECTED' END AS mark,
         c.name AS "customerName", ${PAIRS} AS pairs, o.status AS "orderStatus",
         (o.promise->>'readyBy')::bigint AS "readyBy", shelf.positions AS shelves,
         CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id, 'number', e.number,
           'state', e.state, 'desk', e.desk, 'arrivedAt', ${ms('e.arrived_at')}) END AS entry
    FROM appointment a
    JOIN customer_order o ON o.id = a.order_id
    JOIN customer c ON c.id = o.customer_id
    CROSS JOIN line
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(DISTINCT p.shelf ORDER BY p.shelf), '{}') AS positions
        FROM pair p
       WHERE p.order_id = o.id AND a.kind = 'PICK_UP' AND p.place = 'STORE' AND p.place_code = $1
         AND p.shelf IS NOT NULL) AS shelf
    LEFT JOIN LATERAL (
      SELECT * FROM entry WHERE entry.appointment_id = a.id ORDER BY arrived_at DESC, id DESC LIMIT 1
    ) AS e ON true
   WHERE a.store_code = $1 AND a.starts_at >= $2 AND a.starts_at < $3 AND a.status <> 'CANCELLED'`;

/**
 * What orders have taken on the vans, of which those count whose promise lets them get off here. A pair
 * that was scanned onto a van counts by its scan as well.
 */
const DUE = `
  SELECT v.van, count(*)::int AS orders, sum(had.amount)::int AS pairs
    FROM claim c
    CROSS JOIN LATERAL unnest(c.resources, c.starts, c.amounts) AS had (resource, start, amount)
    JOIN van v ON v.leg = had.resource AND v.departs = had.start
    JOIN customer_order o ON o.id = c.owner_id
   WHERE c.resources && $7::text[] AND c.starts && $8::timestamptz[] AND o.status <> 'CANCELLED'
     AND EXISTS (
       SELECT FROM jsonb_to_recordset(o.promise->'steps') AS step
              (kind text, by text, "toCode" text, "end" bigint)
        WHERE step.kind = 'RIDE' AND step.by = v.line_code AND step."toCode" = v.place_code
          AND step."end" BETWEEN v.scheduled AND v.latest)
   GROUP BY v.van`;

const ON_BOARD = `
  SELECT v.van, count(*)::int AS pairs
    FROM van v JOIN pair p ON p.place = 'TRIP' AND p.place_code = v.line_code
     AND p.trip_departs = v.departs AND p.to_code = v.place_code
   GROUP BY v.van`;

const UNLOADED = `
  SELECT v.van, count(DISTINCT s.pair_id)::int AS pairs
    FROM van v JOIN scan s ON s.line_code = v.line_code AND s.trip_departs = v.departs
     AND s.kind = 'UNLOADED' AND s.place_code = v.place_code
   GROUP BY v.van`;

/** Orders whose goods are on the shelf, found by the pairs that are there. */
const READY = `
  SELECT o.id AS "orderId", o.ticket_code AS "ticketCode", o.customer_id, a.starts_at,
         ${ms('a.starts_at')} AS "pickUpStart", ${ms('a.ends_at')} AS "pickUpEnd",
         count(*)::int AS pairs,
         coalesce(array_agg(DISTINCT p.shelf ORDER BY p.shelf) FILTER (WHERE p.shelf IS NOT NULL), '{}')
           AS shelves
    FROM pair p
    JOIN customer_order o ON o.id = p.order_id AND o.status = 'READY'
    JOIN appointment a ON a.order_id = o.id AND a.kind = 'PICK_UP' AND a.store_code = $1
   WHERE p.place = 'STORE' AND p.place_code = $1
   GROUP BY o.id, a.id`;

const count = (condition: string): string => `count(*) FILTER (WHERE ${condition})::int`;

const TOTALS = `
  SELECT ${count(`kind = 'DROP_OFF'`)} AS "dropOffs", ${count(`kind = 'PICK_UP'`)} AS "pickUps",
         ${count(`mark = 'EXPECTED'`)} AS expected, ${count(`mark = 'LATE'`)} AS late,
         ${count(`mark = 'ARRIVED'`)} AS arrived, ${count(`mark = 'MISSED'`)} AS missed,
         ${count(`mark = 'DONE'`)} AS done,
         coalesce(sum(pairs) FILTER (WHERE kind = 'DROP_OFF'), 0)::int AS "pairsToComeIn",
         ${count(`kind = 'PICK_UP' AND mark <> 'DONE' AND "orderStatus" <> 'READY'`)} AS "notReady",
         (SELECT count(*) FROM walk_in)::int AS "walkIns",
         (SELECT count(*) FROM walk_in WHERE state IN ${IN_LINE})::int AS "walkInsInLine",
         (SELECT count(*) FROM ready)::int AS ready,
         (SELECT count(*) FROM ready WHERE starts_at < $6)::int AS overdue,
         (SELECT count(*) FROM staff_task WHERE store_code = $1 AND done_at IS NULL)::int AS tasks
    FROM visit`;

const listed = (columns: string, from: string): string =>
  `(SELECT json_agg(row_to_json(listed)) FROM (SELECT ${columns} FROM ${from}) AS listed)`;

const WALK_INS = listed(
  `e.id, e.number, e.state, e.desk, ${ms('e.arrived_at')} AS "arrivedAt", e.visit_kind AS "visitKind",
   e.pairs, e.order_id AS "orderId", o.ticket_code AS "ticketCode", c.name AS "customerName"`,
  `walk_in e LEFT JOIN customer_order o ON o.id = e.order_id LEFT JOIN customer c ON c.id = o.customer_id
    WHERE e.state IN ${IN_LINE}
    ORDER BY e.goes_first DESC, e.due_at, e.arrived_at, e.id LIMIT ${MOST.walkIns}`,
);

const ARRIVALS = listed(
  `v.van, coalesce(due.orders, 0) AS orders, coalesce(due.pairs, 0) AS pairs,
   coalesce(boarded.pairs, 0) AS "onBoard", coalesce(unloaded.pairs, 0) AS unloaded,
   ${ms('call.arrived_at')} AS "arrivedAt"`,
  `van v
   LEFT JOIN (${DUE}) AS due ON due.van = v.van
   LEFT JOIN (${ON_BOARD}) AS boarded ON boarded.van = v.van
   LEFT JOIN (${UNLOADED}) AS unloaded ON unloaded.van = v.van
   LEFT JOIN trip_call call ON call.line_code = v.line_code AND call.departs = v.departs
    AND call.stop = v.stop
   WHERE coalesce(due.pairs, boarded.pairs, unloaded.pairs) IS NOT NULL ORDER BY v.van`,
);

/**
 * The whole board in one statement, so that all of it is of one moment.
 *
 * $1 store, $2 and $3 the date from midnight to midnight, $4 the date, $5 now, $6 the last midnight before
 * now; vans by position: $7 leg, $8 departure, $9 line, $10 stop, $11 place, $12 and $13 scheduled and
 * latest arrival in epoch ms; $14 minutes after which a visit is late, if the store says nothing else.
 */
export const BOARD = {
  name: 'day-board',
  text: `
    WITH line AS (
      SELECT make_interval(mins => coalesce(
        (SELECT (document->>'lateWindowMin')::int FROM queue_settings WHERE store_code = $1), $14::int))
          AS late_window
    ), entry AS MATERIALIZED (
      SELECT * FROM queue_entry WHERE store_code = $1 AND local_date = $4::date
    ), van AS MATERIALIZED (
      SELECT * FROM unnest($7::text[], $8::timestamptz[], $9::text[], $10::int[], $11::text[],
                           $12::bigint[], $13::bigint[]) WITH ORDINALITY
        AS given (leg, departs, line_code, stop, place_code, scheduled, latest, van)
    ), visit AS MATERIALIZED (${VISITS}), ready AS MATERIALIZED (${READY}),
    walk_in AS MATERIALIZED (
      SELECT * FROM entry
       WHERE NOT EXISTS (SELECT FROM visit WHERE visit."appointmentId" = entry.appointment_id)
    )
    SELECT (SELECT version FROM chain) AS chain_version,
      ${listed('*', `visit ORDER BY start, kind, "appointmentId" LIMIT ${MOST.visits}`)} AS visits,
      ${WALK_INS} AS walk_ins,
      ${ARRIVALS} AS arrivals,
      ${listed(
        `r."orderId", r."ticketCode", c.name AS "customerName", r.pairs, r.shelves, r."pickUpStart",
         r."pickUpEnd"`,
        `ready r JOIN customer c ON c.id = r.customer_id
          ORDER BY r.starts_at, r."orderId" LIMIT ${MOST.ready}`,
      )} AS ready,
      ${listed(
        `id, kind, store_code AS "storeCode", order_id AS "orderId", reason,
         ${ms('created_at')} AS "createdAt", NULL AS "doneAt"`,
        `staff_task WHERE store_code = $1 AND done_at IS NULL ORDER BY id LIMIT ${MOST.tasks}`,
      )} AS tasks,
      (SELECT row_to_json(counted) FROM (${TOTALS}) AS counted) AS totals`,
};
