import { Injectable } from '@nestjs/common';

import type { PairData } from '../../core/goods/pair.ts';
import {
  claimsAfterHandOut,
  handedOut,
  handOutProblems,
  type HandOutProblem,
} from '../../core/handovers/hand-out.ts';
import type { WrongStore } from '../../core/handovers/receive.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { NotBookable, RequestKeyReused, VersionConflict } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { AgreedFindings, HouseRules } from '../findings/index.ts';
import { Goods } from '../goods/index.ts';
import { OrderChange, type OrderStep, type OrderWithClaims } from '../orders/index.ts';
import { CounterOrders, type OrderName } from './counter-orders.ts';
import { GiveGoods } from './give-goods.ts';
import type { EndedVisit } from './visit-ends.ts';

export interface HandOutRequest extends OrderName {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly storeCode: string;
  readonly expectedVersion: number | null;
  /** As far as they can be tags, in the form of `readTag`, each once. */
  readonly tags: readonly string[];
  readonly isPartial: boolean;
  readonly handedTo: string | null;
}

/** Something is wrong with a pair. */
export interface HandOutStopped {
  readonly code: 'HAND_OUT_STOPPED';
  readonly problems: readonly HandOutProblem[];
}

export interface PartialNotAllowed {
  readonly code: 'PARTIAL_NOT_ALLOWED';
}

export type HandOutRefusal =
  NotBookable | VersionConflict | WrongStore | HandOutStopped | PartialNotAllowed;

/** What it is decided on. */
interface Known {
  readonly before: OrderWithClaims | null;
  readonly pairs: readonly PairData[];
  readonly gated: ReadonlySet<string>;
  readonly knownTags: ReadonlySet<string>;
  readonly mayBePartial: boolean;
}

/** Gives goods back to customers over the counter. */
@Injectable()
export class HandOut {
  constructor(
    private readonly change: OrderChange,
    private readonly orders: CounterOrders,
    private readonly goods: Goods,
    private readonly findings: AgreedFindings,
    private readonly rules: HouseRules,
    private readonly giving: GiveGoods,
  ) {}

  /** All that was scanned, or nothing. */
  async run(
    request: HandOutRequest,
  ): Promise<Result<OrderData, HandOutRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    const visit: EndedVisit = { entry: null };
    const handedOut = await this.change.run<HandOutRefusal, Known>({
      caller,
      requestKey,
      operation: 'handOut',
      content,
      read: () => this.read(request),
      decide: (world, known) => this.decide(world, request, known, visit),
    });
    if (handedOut.ok) this.giving.tell(visit);
    return handedOut;
  }

  /** What happens to the pairs after they were read is found in the transaction. */
  private async read(request: HandOutRequest): Promise<Known> {
    const before = await this.orders.find(request, request.caller);
    if (before === null) return NOBODY_KNOWS;
    const { id } = before.order;
    const pairs = (await this.goods.ofOrders([id])).get(id)!;
    const known = await this.goods.byTags(request.tags);
    const { partialHandOut } = await this.rules.standing();
    return {
      before,
      pairs,
      gated: await this.findings.gatedPairs(id),
      knownTags: new Set(known.keys()),
      mayBePartial: partialHandOut,
    };
  }

  private decide(
    world: World,
    request: HandOutRequest,
    known: Known,
    visit: EndedVisit,
  ): Result<OrderStep, HandOutRefusal> {
    const { before, pairs, gated } = known;
    if (before === null) return refuse({ code: 'WRONG_STATUS' });
    const { order } = before;
    const { version: currentVersion, pickUp } = order;
    if (request.expectedVersion !== null && request.expectedVersion !== currentVersion) {
      return refuse({ code: 'VERSION_CONFLICT', currentVersion });
    }
    if (!IN_OUR_HANDS.has(order.status)) return refuse({ code: 'WRONG_STATUS' });
    if (pickUp.storeCode !== request.storeCode) {
      return refuse({ code: 'WRONG_STORE', storeCode: pickUp.storeCode });
    }
    const problems = handOutProblems(pairs, gated, { ...request, knownTags: known.knownTags });
    if (problems.length > 0) return refuse({ code: 'HAND_OUT_STOPPED', problems });
    const out = pairs.filter(({ tag }) => request.tags.includes(tag));
    const isAll = pairs.every((pair) => pair.place.kind === 'CUSTOMER' || out.includes(pair));
    if (!isAll && !known.mayBePartial) return refuse({ code: 'PARTIAL_NOT_ALLOWED' });
    if (isAll && order.status !== 'READY') return refuse({ code: 'WRONG_STATUS' });
    return ok(this.step(world, request, before, { pairs, out, isAll, visit }));
  }

  private step(
    { network, now: at }: World,
    { storeCode, caller, handedTo }: HandOutRequest,
    before: OrderWithClaims,
    { pairs, out, isAll, visit }: GoingOut,
  ): OrderStep {
    const after = handedOut(before.order, isAll);
    const store = network.stores.get(storeCode)!;
    const actor = caller.id;
    return {
      before,
      after,
      claims: claimsAfterHandOut(before.claims, store, out.length, at),
      event: {
        kind: isAll ? 'COLLECTED' : 'PARTLY_COLLECTED',
        details: { tags: out.map(({ tag }) => tag) },
      },
      also: async (tx) => {
        if (!isSameGoods(pairs, await this.goods.locked(tx, after.id))) return 'stale';
        await this.giving.write(tx, after, { storeCode, pairs: out, actor, handedTo, at }, visit);
      },
    };
  }
}

interface GoingOut {
  /** All of the order, as it was decided on. */
  readonly pairs: readonly PairData[];
  readonly out: readonly PairData[];
  /** Nothing of the order is left. */
  readonly isAll: boolean;
  readonly visit: EndedVisit;
}

/** Scans move pairs and add work, often without another version of the order. */
const isSameGoods = (before: readonly PairData[], now: readonly PairData[]): boolean =>
  JSON.stringify(before) === JSON.stringify(now);

const IN_OUR_HANDS: ReadonlySet<string> = new Set(['RECEIVED', 'IN_TRANSIT', 'IN_CARE', 'READY']);

const NOBODY_KNOWS: Known = {
  before: null,
  pairs: [],
  gated: new Set(),
  knownTags: new Set(),
  mayBePartial: false,
};
