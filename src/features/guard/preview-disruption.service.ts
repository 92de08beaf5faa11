import { Injectable } from '@nestjs/common';

import { diffClaims } from '../../core/claims/claim.ts';
import { Usage } from '../../core/claims/usage.ts';
import { compileNetwork } from '../../core/network/compile-network.ts';
import { replan, type Outcome } from '../../core/guard/replan.ts';
import type { World } from '../../core/orders/world.ts';
import { Planner } from '../../core/promise/planner.ts';
import { ok, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Capacity } from '../capacity/index.ts';
import { ChainStore, disruptionsOf, type Chain, type DisruptionFacts } from '../network/index.ts';
import {
  checkScope,
  factsFrom,
  type DisruptionCaller,
  type DisruptionInput,
  type InvalidDisruption,
} from './disruption-input.ts';
import { OrderSituations } from './order-situations.ts';
import { TouchedOrders } from './touched-orders.ts';

/** What a disruption would do to one order. */
export interface TouchedOrder {
  readonly orderId: string;
  readonly ticketCode: string;
  readonly readyBy: EpochMs;
  /** null: there would be no way. */
  readonly newReadyBy: EpochMs | null;
  readonly told: 'NOTHING' | 'NEW_PROMISE' | 'NO_WAY';
}

export interface DisruptionPreview {
  readonly orders: number;
  readonly toldNothing: number;
  readonly toldNewPromise: number;
  readonly withoutWay: number;
  readonly first: readonly TouchedOrder[];
}

const BATCH = 100;
const MOST_NAMED = 50;

/** Looks at what a disruption would do: plans the orders that it touches on a chain that is not. */
@Injectable()
export class PreviewDisruption {
  constructor(
    private readonly chains: ChainStore,
    private readonly capacity: Capacity,
    private readonly touched: TouchedOrders,
    private readonly situations: OrderSituations,
  ) {}

  async run(
    input: DisruptionInput,
    caller: DisruptionCaller,
  ): Promise<Result<DisruptionPreview, InvalidDisruption>> {
    const chain = await this.chains.load();
    checkScope(input, chain.network, caller);
    const { now } = await this.capacity.world();
    const facts = factsFrom(input, chain.network, now);
    if (!facts.ok) return facts;
    return ok(await this.preview(chain, facts.value));
  }

  private async preview(chain: Chain, facts: DisruptionFacts): Promise<DisruptionPreview> {
    const disruptions = disruptionsOf(chain.document, [...chain.disruptions, facts]);
    const network = compileNetwork(chain.document, chain.network.version, disruptions);
    const ids = await this.touched.of(facts, network, {});
    const { usage: taken, now } = await this.capacity.world();
    const usage = new Usage();
    usage.add([...taken.buckets()]);
    const world = { network, usage, planner: new Planner(network, usage), now };
    try {
      return summary(await this.planAll(world, ids));
    } finally {
      world.planner.dispose();
    }
  }

  /** Each order on what those before it gave back and took; others get their turn between batches. */
  private async planAll(world: World, ids: readonly string[]): Promise<readonly TouchedOrder[]> {
    const out: TouchedOrder[] = [];
    for (let from = 0; from < ids.length; from += BATCH) {
      for (const now of await this.situations.of(ids.slice(from, from + BATCH))) {
        const outcome = replan(world, now);
        if ('claims' in outcome) world.usage.add(diffClaims(now.claims, outcome.claims));
        const { id: orderId, ticketCode, promise } = now.order;
        const { readyBy } = promise;
        out.push({ orderId, ticketCode, readyBy, ...effectOf(outcome, readyBy) });
      }
    }
    return out;
  }
}

function effectOf(outcome: Outcome, readyBy: EpochMs): Pick<TouchedOrder, 'newReadyBy' | 'told'> {
  switch (outcome.is) {
    case 'OVER':
    case 'SAME':
      return { newReadyBy: readyBy, told: 'NOTHING' };
    case 'WITHIN_SLACK':
      return { newReadyBy: outcome.promise.readyBy, told: 'NOTHING' };
    case 'PASSES':
      return { newReadyBy: outcome.promise.readyBy, told: 'NEW_PROMISE' };
    case 'NO_WAY':
      return { newReadyBy: null, told: 'NO_WAY' };
  }
}

function summary(orders: readonly TouchedOrder[]): DisruptionPreview {
  const count = (told: TouchedOrder['told']) => orders.filter((each) => each.told === told).length;
  const inOrder = [...orders].sort((a, b) => (a.ticketCode < b.ticketCode ? -1 : 1));
  return {
    orders: orders.length,
    toldNothing: count('NOTHING'),
    toldNewPromise: count('NEW_PROMISE'),
    withoutWay: count('NO_WAY'),
    first: inOrder.slice(0, MOST_NAMED),
  };
}
