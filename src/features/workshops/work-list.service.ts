import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { Claim } from '../../core/claims/claim.ts';
import { workOf } from '../../core/claims/resource.ts';
import { houseOf } from '../../core/goods/fold.ts';
import { openOperations, type PairData, type PairOperation } from '../../core/goods/pair.ts';
import { compareWork, workDue, type WorkDue } from '../../core/goods/work-due.ts';
import type { Network, Workshop } from '../../core/network/network.ts';
import { DAY_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { checkPage } from '../../platform/graphql/page.ts';
import { Capacity } from '../capacity/index.ts';
import { Goods } from '../goods/index.ts';
import { OrderReader, type OrderWithClaims } from '../orders/index.ts';

export interface WorkListRequest {
  readonly workshopCode: string;
  readonly shiftStart: EpochMs | null;
  readonly skill: string | null;
  readonly first: number;
}

/** One operation that is to be done on one pair. */
export interface WorkItem extends WorkDue {
  readonly pair: PairData;
  readonly operation: PairOperation;
  readonly isHere: boolean;
  readonly isNext: boolean;
}

const MOST_AT_ONCE = 200;
/** A list without a shift looks so far back, for what was not finished, and so far ahead. */
const LOOK_BACK_MS = 7 * DAY_MS;
const LOOK_AHEAD_MS = 2 * DAY_MS;

/** What is to be done at workshops, in the order in which it should be. */
@Injectable()
export class WorkLists {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly capacity: Capacity,
    private readonly goods: Goods,
    private readonly reader: OrderReader,
  ) {}

  /** In a constant number of statements. An unknown workshop has nothing to do. */
  async list(request: WorkListRequest): Promise<readonly WorkItem[]> {
    checkPage(request, MOST_AT_ONCE);
    const { network } = await this.capacity.world();
    const workshop = network.workshops.get(request.workshopCode);
    if (workshop === undefined) return [];
    const ids = await this.orderIds(workshop, request);
    const [orders, pairs, gated] = await Promise.all([
      this.reader.many(ids),
      this.goods.ofOrders(ids),
      this.gated(ids),
    ]);
    return orders
      .flatMap((order) =>
        (pairs.get(order.order.id) ?? [])
          .filter(({ id }) => !gated.has(id))
          .flatMap((pair) => itemsOf(pair, order, workshop, request, network)),
      )
      .sort((a, b) => compareWork({ ...a, tag: a.pair.tag }, { ...b, tag: b.pair.tag }))
      .slice(0, request.first);
  }

  /** Orders with pairs there, or with work planned there. */
  private async orderIds(
    { code, storeCode, shifts }: Workshop,
    { shiftStart }: WorkListRequest,
  ): Promise<readonly string[]> {
    const skills = new Set(shifts.flatMap(({ units }) => [...units.keys()]));
    const now = this.clock.now();
    const rows = await run<{ id: string }>(this.db, CANDIDATES, [
      code,
      storeCode,
      [...skills].map((skill) => workOf(code, skill)),
      new Date(shiftStart ?? now - LOOK_BACK_MS),
      new Date(shiftStart ?? now + LOOK_AHEAD_MS),
    ]);
    return rows.map(({ id }) => id);
  }

  /** Pairs of which a customer has to decide on a finding. */
  private async gated(orderIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await run<{ pair_id: string }>(this.db, GATED, [orderIds]);
    return new Set(rows.map(({ pair_id }) => pair_id));
  }
}

/** At most one: the first open operation that is asked for. */
function itemsOf(
  pair: PairData,
  { order, claims }: OrderWithClaims,
  workshop: Workshop,
  { shiftStart, skill }: WorkListRequest,
  network: Network,
): readonly WorkItem[] {
  const { place } = pair;
  const { code } = workshop;
  if (place.kind === 'CUSTOMER' || place.kind === 'MISSING') return [];
  const isHere = place.kind === 'WORKSHOP' && place.code === code;
  const isElsewhere =
    place.kind === 'WORKSHOP' && houseOf(place.code, network) !== houseOf(code, network);
  if (isElsewhere) return [];
  const open = openOperations(pair);
  const at = open.findIndex(
    (operation) =>
      (skill === null || operation.skill === skill) &&
      (shiftStart === null
        ? isHere || hasClaim(claims, code, operation.skill, null)
        : hasClaim(claims, code, operation.skill, shiftStart)),
  );
  if (at < 0) return [];
  const due = workDue(open.slice(at), workshop, order.promise, order.pickUp.start, network.lines);
  return [{ ...due, pair, operation: open[at]!, isHere, isNext: at === 0 }];
}

/** @param start null: of any shift */
const hasClaim = (
  claims: readonly Claim[],
  workshopCode: string,
  skill: string,
  start: EpochMs | null,
): boolean =>
  claims.some(
    (claim) =>
      claim.resource === workOf(workshopCode, skill) && (start === null || claim.start === start),
  );

const CANDIDATES = {
  name: 'work-list-orders',
  text: `
    SELECT order_id AS id FROM pair
     WHERE (place = 'WORKSHOP' AND place_code = $1) OR (place = 'STORE' AND place_code = $2)
    UNION
    SELECT o.id FROM claim c JOIN customer_order o ON o.id = c.owner_id
     WHERE c.resources && $3::text[] AND o.status IN ('RECEIVED', 'IN_TRANSIT', 'IN_CARE')
       AND EXISTS (SELECT FROM unnest(c.resources, c.starts) AS taken (resource, start)
                    WHERE taken.resource = ANY ($3) AND taken.start BETWEEN $4 AND $5)`,
};

const GATED = {
  name: 'work-list-gated',
  text: `SELECT pair_id FROM finding WHERE order_id = ANY ($1::uuid[]) AND state = 'OPEN'`,
};
