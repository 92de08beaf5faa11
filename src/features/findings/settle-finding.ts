import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { DecidedAs } from '../../core/findings/finding.ts';
import { statusOfPairs } from '../../core/goods/order-status.ts';
import type { OrderData } from '../../core/orders/order.ts';
import { progressed } from '../../core/orders/progress.ts';
import type { World } from '../../core/orders/world.ts';
import { run } from '../../platform/database/statement.ts';
import { Goods } from '../goods/index.ts';
import { Outbox } from '../messages/index.ts';
import { OrderWriter, Replans } from '../orders/index.ts';
import { FindingStore, type FindingData } from './finding-store.ts';

export interface Settled {
  readonly finding: FindingData;
  readonly state: 'APPROVED' | 'DECLINED';
  /** Its order as it is written right before. */
  readonly order: OrderData;
  /** Id of whoever decided. */
  readonly by: string;
  readonly as: DecidedAs;
  readonly world: World;
}

/** Writes what a decision makes of a finding and its pair; and of its order, if only that kept it from being ready. */
@Injectable()
export class SettleFinding {
  constructor(
    private readonly store: FindingStore,
    private readonly goods: Goods,
    private readonly orders: OrderWriter,
    private readonly replans: Replans,
    private readonly outbox: Outbox,
  ) {}

  /** In the transaction that has written the order, which keeps scans of its pairs waiting. */
  async run(tx: EntityManager, settled: Settled): Promise<void> {
    const { finding, state, by, as, world } = settled;
    const { id, orderId, pairId, operations } = finding;
    await this.store.decide(tx, { id, state, by, as, at: world.now });
    if (state === 'APPROVED') {
      await run(tx, ADD_OPERATIONS, [pairId, id, JSON.stringify(operations)]);
    }
    // Whoever was not asked yet has nothing to decide any more.
    const versions = await this.store.toldWith(tx, finding);
    await this.outbox.withdrawOf(tx, 'FINDING', orderId, versions, world.now);
    await this.replans.ask(tx, [orderId], 'FINDING', world.now);
    if (await this.isReady(tx, settled.order)) await this.makeReady(tx, settled);
  }

  private async isReady(tx: EntityManager, order: OrderData): Promise<boolean> {
    const pairs = (await this.goods.ofOrders([order.id], tx)).get(order.id)!;
    const rows = await run<StandingRow>(tx, STANDING, [order.id]);
    const standing = new Map(rows.map((row) => [row.id, row]));
    const standings = pairs.map((pair) => {
      const { is_seen: isSeen, is_gated: isGated } = standing.get(pair.id)!;
      return { ...pair, isSeen, isGated, hasLeft: isSeen };
    });
    return statusOfPairs(standings, order.pickUp.storeCode) === 'READY';
  }

  private async makeReady(tx: EntityManager, { order, by, world }: Settled): Promise<void> {
    const ready = progressed(order, { kind: 'READY' });
    if (!ready.ok) return;
    const event = { id: newId(), kind: 'READY', actor: by, at: world.now } as const;
    const written = await this.orders.update(tx, world.network, order, ready.value, event);
    if (written === null) throw new Error(`order ${order.id} changed while it was locked`);
  }
}

interface StandingRow {
  readonly id: string;
  readonly is_seen: boolean;
  readonly is_gated: boolean;
}

const STANDING = {
  name: 'finding-pairs-standing',
  text: `
    SELECT p.id,
           EXISTS (SELECT FROM scan s
                    WHERE s.pair_id = p.id AND s.kind NOT IN ('RECEIVED', 'REWORK')) AS is_seen,
           EXISTS (SELECT FROM finding f WHERE f.pair_id = p.id AND f.state = 'OPEN') AS is_gated
      FROM pair p WHERE p.order_id = $1`,
};

/** Behind what is to be done already. */
const ADD_OPERATIONS = {
  name: 'finding-add-operations',
  text: `
    INSERT INTO pair_operation (pair_id, position, skill, units, dwell_min, origin, finding_id)
    SELECT $1, last + at, operation->>'skill', (operation->>'units')::smallint,
           (operation->>'dwellMin')::integer, 'FINDING', $2
      FROM (SELECT coalesce(max(position), 0) AS last FROM pair_operation WHERE pair_id = $1) AS before,
           jsonb_array_elements($3::jsonb) WITH ORDINALITY AS given (operation, at)`,
};
