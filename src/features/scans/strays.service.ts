import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { deviationOf, type Deviation } from '../../core/goods/expected.ts';
import { houseOf } from '../../core/goods/fold.ts';
import type { PairData } from '../../core/goods/pair.ts';
import type { Network } from '../../core/network/network.ts';
import type { PlanStep } from '../../core/promise/plan.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { checkPage, startAfter, type PageRequest } from '../../platform/graphql/page.ts';
import { Capacity } from '../capacity/index.ts';
import { pairFrom, SELECT_PAIR, type PairRow } from '../goods/index.ts';

/** A pair that is not where the plan wants it. */
export interface StrayPair {
  readonly pair: PairData;
  readonly deviation: Deviation;
}

export interface StrayPairs {
  readonly pairs: readonly StrayPair[];
  /** Where to go on; null: there are no more. */
  readonly next: string | null;
}

const MOST_AT_ONCE = 100;
/** Looked at for one page, in turns of one statement each. */
const PER_TURN = 500;
const MOST_TURNS = 10;

/** Finds pairs that are not where the plan of their order wants them. */
@Injectable()
export class Strays {
  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
  ) {}

  /** @param placeCode only those that are there or should be; null: all */
  async page(placeCode: string | null, page: PageRequest): Promise<StrayPairs> {
    checkPage(page, MOST_AT_ONCE);
    const { network } = await this.capacity.world();
    let after = startAfter(page);
    const pairs: StrayPair[] = [];
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const rows = await run<StrayRow>(this.db, WITH_US, [after, PER_TURN]);
      for (const row of rows) {
        const stray = this.strayFrom(row, placeCode, network);
        if (stray !== null) pairs.push(stray);
        after = row.id;
        if (pairs.length === page.first) return { pairs, next: after };
      }
      if (rows.length < PER_TURN) return { pairs, next: null };
    }
    return { pairs, next: after };
  }

  private strayFrom(row: StrayRow, placeCode: string | null, network: Network): StrayPair | null {
    const pair = pairFrom(row);
    const deviation = deviationOf(pair, row.steps, this.clock.now(), network);
    if (deviation === null) return null;
    if (placeCode !== null && !concerns(pair, deviation, placeCode, network)) return null;
    return { pair, deviation };
  }
}

interface StrayRow extends PairRow {
  readonly steps: readonly PlanStep[];
}

/** It is there, comes there, or should do either; a workshop inside a store is of the store. */
function concerns(
  { place }: PairData,
  { expected }: Deviation,
  placeCode: string,
  network: Network,
): boolean {
  const codes = [
    place.kind === 'TRIP' ? place.toCode : place.code,
    expected.kind === 'RIDE' ? expected.toCode : expected.code,
    ...(expected.kind === 'RIDE' ? [expected.fromCode] : []),
  ];
  const house = houseOf(placeCode, network);
  return codes.some((code) => houseOf(code, network) === house);
}

const WITH_US = {
  name: 'pairs-with-us',
  text: `
    SELECT p.*, o.promise->'steps' AS steps
      FROM (${SELECT_PAIR} WHERE p.place <> 'CUSTOMER' AND ($1::uuid IS NULL OR p.id > $1)
             ORDER BY p.id LIMIT $2) p
      JOIN customer_order o ON o.id = p.order_id
     ORDER BY p.id`,
};
