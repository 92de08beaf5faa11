import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { Bucket } from '../../core/claims/claim.ts';
import type { NewPromise } from '../../core/guard/replan.ts';
import type { VisitChoice } from '../../core/orders/order.ts';
import { progressed } from '../../core/orders/progress.ts';
import type { World } from '../../core/orders/world.ts';
import { MINUTE_MS } from '../../core/time/time.ts';
import { inTransaction } from '../../platform/database/transaction.ts';
import { Ledger, type Taking } from '../capacity/index.ts';
import { OrderNews, OrderWriter, type OrderUpdate } from '../orders/index.ts';
import { GuardTasks, type StuckOrder } from './guard-tasks.ts';
import type { Planned } from './plan-batch.ts';
import { reasonOf } from './reasons.ts';
import { lockChain } from './lock-chain.ts';
import { ReplanTurns, type Again, type Turn } from './replan-turns.ts';

/** An order in hand and what came of planning it. */
export interface PlannedTurn {
  readonly turn: Turn;
  readonly planned: Planned;
}

/** `stale`: the chain has moved on; nothing was written, and nothing of a batch that met a full bucket. */
export type BatchWritten =
  | { readonly is: 'written'; readonly left: readonly Turn[] }
  | { readonly is: 'stale' }
  | { readonly is: 'full'; readonly bucket: Bucket };

/** Who does it, in the history of an order. */
const ACTOR = 'guard';
const NO_WAY_AGAIN_MS = 15 * MINUTE_MS;
const MOST_FAULTS = 5;
const FIRST_BACK_OFF_MS = 5_000;

class StaleChain extends Error {}

interface Revision {
  readonly update: OrderUpdate;
  readonly taking: Taking;
  /** Of a visit that cannot be; null: nobody is told. */
  readonly choice: VisitChoice | null;
}

/** Writes what came of re-planning: some orders a transaction, each with its event, claims and messages. */
@Injectable()
export class GuardWriter {
  constructor(
    private readonly db: DataSource,
    private readonly ledger: Ledger,
    private readonly orders: OrderWriter,
    private readonly turns: ReplanTurns,
    private readonly tasks: GuardTasks,
    private readonly news: OrderNews,
  ) {}

  /**
   * Orders that somebody is changing meanwhile are left. Buckets are locked last and for the commit alone,
   * so bookings do not wait for the rest.
   */
  async write(world: World, batch: readonly PlannedTurn[]): Promise<BatchWritten> {
    const state: { locked: ReadonlySet<string>; revisions: readonly Revision[] } = {
      locked: new Set(),
      revisions: [],
    };
    try {
      const { last: full, isCommitted } = await inTransaction(
        this.db,
        async (tx) => {
          state.locked = await this.lock(tx, world, batch);
          const held = batch.filter(({ turn }) => state.locked.has(turn.orderId));
          state.revisions = held.flatMap((each) => revisionOf(world, each));
          await this.writeAll(tx, world, held, state.revisions);
        },
        (tx) => this.take(tx, state.revisions),
      );
      if (full !== null) return { is: 'full', bucket: full };
      if (!isCommitted) throw new Error('re-planned orders were undone and nobody said why');
    } catch (fault) {
      if (fault instanceof StaleChain) return { is: 'stale' };
      throw fault;
    }
    for (const { update } of state.revisions) this.news.tell(update.after);
    const left = batch.map(({ turn }) => turn).filter((turn) => !state.locked.has(turn.orderId));
    return { is: 'written', left };
  }

  private async lock(
    tx: EntityManager,
    world: World,
    batch: readonly PlannedTurn[],
  ): Promise<ReadonlySet<string>> {
    await lockChain(tx);
    const wanted = batch.map(({ turn, planned }) => {
      return { ...turn, version: planned.now.order.version };
    });
    const locked = await this.turns.lock(tx, wanted, world.network.version);
    if (locked === null) throw new StaleChain();
    return locked;
  }

  private async writeAll(
    tx: EntityManager,
    world: World,
    held: readonly PlannedTurn[],
    revisions: readonly Revision[],
  ): Promise<void> {
    const again = held.flatMap((each) => againOf(world, each));
    const later = new Set(again.map(({ turn }) => turn.orderId));
    const done = held.map(({ turn }) => turn.orderId).filter((id) => !later.has(id));
    const updates = revisions.map(({ update }) => update);
    const broken = revisions.flatMap(({ update, choice }) => {
      return choice === null ? [] : [{ update, choice }];
    });
    const written = await this.orders.updateMany(tx, world.network, updates);
    if (written.size !== updates.length) throw new Error('a locked order was not written');
    const newest = new Map(updates.map(({ after }) => [after.id, after]));
    const stuck = held
      .flatMap(stuckIn)
      .map(({ order, reason }) => ({ order: newest.get(order.id) ?? order, reason }));
    await this.tasks.raise(tx, world, broken, stuck);
    await this.turns.finish(tx, done);
    await this.turns.putBack(tx, again);
  }

  private take(tx: EntityManager, revisions: readonly Revision[]): Promise<Bucket | null> {
    const takings = revisions.map(({ taking }) => taking);
    return takings.length === 0 ? Promise.resolve(null) : this.ledger.takeAll(tx, takings);
  }
}

function revisionOf(world: World, { turn, planned }: PlannedTurn): readonly Revision[] {
  if (!('outcome' in planned)) return [];
  const { now } = planned;
  const outcome = newPromiseOf(planned);
  if (outcome === null) return [];
  const choice = outcome.promise.choice ?? null;
  const { order: before, claims } = now;
  const after = progressed(before, { kind: 'REPROMISED', promise: outcome.promise });
  if (!after.ok) throw new Error(`order ${before.id} cannot be promised anew`);
  const update: OrderUpdate = {
    before,
    after: after.value,
    event: {
      id: newId(),
      kind: 'REPROMISED',
      actor: ACTOR,
      at: world.now,
      details: detailsOf(turn, outcome, choice),
    },
  };
  const taking = { ownerId: before.id, before: claims, after: outcome.claims };
  return [{ update, taking, choice }];
}

/**
 * Without a way the old promise is void, so that no reminder asks the customer to come for nothing; what
 * the order takes stays its own, for a way that may come back. Null: all is as it was written.
 */
function newPromiseOf({ outcome, now }: Extract<Planned, { outcome: unknown }>): NewPromise | null {
  if (outcome.is === 'WITHIN_SLACK' || outcome.is === 'PASSES') return outcome;
  const { promise } = now.order;
  if (outcome.is !== 'NO_WAY' || promise.choice?.isWithoutWay === true) return null;
  const choice = { visit: 'PICK_UP', slots: [], isWithoutWay: true } as const;
  const claims = now.claims.map((claim) => ({ ...claim, limit: null }));
  return { promise: { ...promise, choice }, claims };
}

function detailsOf({ cause }: Turn, { promise }: NewPromise, choice: VisitChoice | null): object {
  const reason = reasonOf(cause, promise.delays);
  if (choice === null) return { cause, reason };
  const { visit, slots } = choice;
  return { cause, reason, visit, slots };
}

/** Without a way now there may be one later; a fault of ours may be gone the next time. */
function againOf({ now }: World, { turn, planned }: PlannedTurn): readonly Again[] {
  if ('outcome' in planned) {
    if (planned.outcome.is !== 'NO_WAY') return [];
    return [{ turn, dueAt: now + NO_WAY_AGAIN_MS, tries: 0 }];
  }
  return [failed(turn, now)];
}

/** When an order that could not be planned or written for a fault of ours is tried again. */
export function failed(turn: Turn, now: number): Again {
  const tries = Math.min(turn.tries + 1, 1000);
  const backOff = Math.min(NO_WAY_AGAIN_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(turn.tries, 10));
  return { turn, dueAt: now + backOff, tries };
}

function stuckIn({ turn, planned }: PlannedTurn): readonly StuckOrder[] {
  const { order, pairs } = planned.now;
  if (!('outcome' in planned)) {
    return turn.tries + 1 < MOST_FAULTS ? [] : [{ order, reason: 'CANNOT_BE_PLANNED' }];
  }
  const isMissing = pairs.some(({ place }) => place.kind === 'MISSING');
  return [
    ...(planned.outcome.is === 'NO_WAY' ? [{ order, reason: planned.outcome.why.code }] : []),
    ...(isMissing ? [{ order, reason: 'PAIR_MISSING' }] : []),
  ];
}
