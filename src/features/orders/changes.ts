import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { Bucket } from '../../core/claims/claim.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type RefusalData, type Result } from '../../core/result.ts';
import { violates } from '../../platform/database/database-errors.ts';
import { inTransaction } from '../../platform/database/transaction.ts';
import { Capacity, Ledger, type Taking } from '../capacity/index.ts';
import { Holds } from './holds.ts';
import type { OrderVersion } from './order-history.ts';
import { OrderNews } from './order-news.ts';
import { RequestKeys, type EarlierRequest, type KeyedRequest } from './request-keys.ts';

/** First try, and three more on fresh usage when others took what was found free. */
const MOST_TRIES = 4;
/** What was decided on may change meanwhile; more often than this in one request is a fault. */
const MOST_STALE = 20;

/** A change that was found possible, ready to be written. */
export interface Decision<Answer, No extends RefusalData> {
  /** Of the event or hold that it writes. */
  readonly answerId: string;
  readonly answer: Answer;
  readonly taking: Taking;
  /** What others may be watching, as it is then; null: nothing that anybody knows of yet. */
  readonly changed: OrderVersion | null;
  /** Writes all but the claims. What it returns other than a version or `anyChain` rolls back. */
  write(tx: EntityManager): Promise<Written<No>>;
  /** The refusal when something stayed full to the last try. */
  whenFull(world: World, bucket: Bucket): Result<never, No>;
}

/**
 * The version of the chain, read in the transaction: another than the one decided on is stale.
 * `anyChain`: it does not matter. `stale`: what was decided on is no longer so; decide again.
 */
export type Written<No extends RefusalData> =
  number | 'anyChain' | 'stale' | { readonly ok: false; readonly error: No };

/** How one operation decides and answers. */
export interface Operation<Answer, No extends RefusalData, Known> {
  readonly request: KeyedRequest;
  /** Reads what it decides on besides the world. Comes first, so that the world shows all of it. */
  read(): Promise<Known>;
  /** At once: a world that is looked at later may be of a chain that is no more. */
  decide(world: World, known: Known): Result<Decision<Answer, No>, No>;
  /** The first answer, for a request that is sent again. */
  replay(answerId: string): Promise<Answer>;
}

type Replaying<Answer, No extends RefusalData> = Pick<
  Operation<Answer, No, never>,
  'request' | 'replay'
>;

/** Why a transaction was rolled back; thrown through it and caught right outside. */
class RolledBack<No> extends Error {
  constructor(
    readonly why:
      | { readonly is: 'repeated' }
      | { readonly is: 'refused'; readonly error: No }
      | { readonly is: 'stale' },
  ) {
    super(why.is);
  }
}

type Tried<Answer, No extends RefusalData> =
  Result<Answer, No | RequestKeyReused> | { readonly full: Bucket } | { readonly stale: true };

/** How often changes had to be computed again, since the process started. */
export interface ChangeCounts {
  done: number;
  computedAgain: number;
}

/**
 * Carries out a changing operation once, however often and wherever its request is sent: decided in
 * memory, written and claimed in one transaction, computed again when somebody else was faster.
 *
 * Locks are taken in one order by all: chain (shared), request key, hold, customer or order, buckets
 * (sorted). The buckets come last, with the commit right behind them, so a contested one is locked for
 * the commit alone.
 */
@Injectable()
export class Changes {
  readonly counts: ChangeCounts = { done: 0, computedAgain: 0 };

  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
    private readonly ledger: Ledger,
    private readonly keys: RequestKeys,
    private readonly holds: Holds,
    private readonly news: OrderNews,
  ) {}

  async run<Answer, No extends RefusalData, Known>(
    operation: Operation<Answer, No, Known>,
  ): Promise<Result<Answer, No | RequestKeyReused>> {
    let tries = 0;
    let stale = 0;
    for (;;) {
      const known = await operation.read();
      const world = await this.capacity.world();
      const decided = operation.decide(world, known);
      if (!decided.ok) return this.refused(operation, decided);
      const tried = await this.tryOnce(operation, decided.value, world.network.version);
      if ('ok' in tried) {
        this.counts.done += 1;
        return tried;
      }
      this.counts.computedAgain += 1;
      if ('stale' in tried) {
        if (++stale > MOST_STALE) throw new Error('what was decided on changes too often');
        continue;
      }
      await this.holds.freeExpired(decided.value.taking.after);
      if (++tries === MOST_TRIES) return this.gaveUp(decided.value, tried.full);
    }
  }

  /** A request that had its effect is answered as then, also when the same could not be had again now. */
  private async refused<Answer, No extends RefusalData>(
    operation: Replaying<Answer, No>,
    decided: { readonly ok: false; readonly error: No },
  ): Promise<Result<Answer, No | RequestKeyReused>> {
    const earlier = await this.keys.find(operation.request);
    return earlier === null ? decided : this.replay(operation, earlier);
  }

  private async replay<Answer, No extends RefusalData>(
    operation: Replaying<Answer, No>,
    earlier: EarlierRequest | null,
  ): Promise<Result<Answer, No | RequestKeyReused>> {
    if (earlier === null) throw new Error('a request key that was answered is gone');
    if (earlier.contentHash !== operation.request.contentHash) {
      return refuse({ code: 'REQUEST_KEY_REUSED' });
    }
    return ok(await operation.replay(earlier.answerId));
  }

  private async tryOnce<Answer, No extends RefusalData>(
    operation: Replaying<Answer, No>,
    decision: Decision<Answer, No>,
    chainVersion: number,
  ): Promise<Tried<Answer, No>> {
    try {
      const { last: full, isCommitted } = await inTransaction(
        this.db,
        (tx) => this.write(tx, operation.request, decision, chainVersion),
        (tx) => this.ledger.take(tx, decision.taking),
      );
      if (full !== null) return { full };
      if (!isCommitted) throw new Error('a change was undone and nobody said why');
      if (decision.changed !== null) this.news.tell(decision.changed);
      return ok(decision.answer);
    } catch (error) {
      if (violates(error, 'uq_customer_order_ticket_code')) return { stale: true };
      if (!(error instanceof RolledBack)) throw error;
      const { why } = error as RolledBack<No>;
      switch (why.is) {
        case 'repeated':
          return this.replay(operation, await this.keys.find(operation.request));
        case 'refused':
          return refuse(why.error);
        case 'stale':
          return { stale: true };
      }
    }
  }

  /** All but the claims. The key goes first, and what is written does not wait to hear of it. */
  private async write<Answer, No extends RefusalData>(
    tx: EntityManager,
    request: KeyedRequest,
    decision: Decision<Answer, No>,
    chainVersion: number,
  ): Promise<void> {
    const [opened, wrote] = await Promise.allSettled([
      this.keys.open(tx, request, decision.answerId),
      decision.write(tx),
    ]);
    if (opened.status === 'rejected') throw opened.reason;
    if (!opened.value) throw new RolledBack({ is: 'repeated' });
    if (wrote.status === 'rejected') throw wrote.reason;
    const written = wrote.value;
    if (typeof written === 'object') throw new RolledBack({ is: 'refused', error: written.error });
    if (written !== 'anyChain' && written !== chainVersion) throw new RolledBack({ is: 'stale' });
  }

  /** Computed on what is known now: it may say that there is no way at all, or name other slots. */
  private async gaveUp<Answer, No extends RefusalData>(
    decision: Decision<Answer, No>,
    bucket: Bucket,
  ): Promise<Result<Answer, No>> {
    return decision.whenFull(await this.capacity.world(), bucket);
  }
}
