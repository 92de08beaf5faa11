import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId, validate as isUuid } from 'uuid';

import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { ChainStore, factsOf, type DisruptionFacts } from '../network/index.ts';
import type { KeyedRequest } from '../orders/index.ts';
import {
  checkScope,
  factsFrom,
  type ApplyDisruptionInput,
  type DisruptionCaller,
  type InvalidDisruption,
} from './disruption-input.ts';
import { DisruptionRecords, type DisruptionRecord } from './disruption-records.ts';
import { DisruptionRequests } from './disruption-requests.ts';
import { TouchedOrders } from './touched-orders.ts';

export interface UnknownDisruption {
  readonly code: 'UNKNOWN_DISRUPTION';
}

type Applied = Result<DisruptionRecord, InvalidDisruption | RequestKeyReused>;

/** Reports and lifts disruptions: each is a version of the chain, and asks for the orders that it touches. */
@Injectable()
export class Disruptions {
  constructor(
    private readonly db: DataSource,
    private readonly chains: ChainStore,
    private readonly records: DisruptionRecords,
    private readonly touched: TouchedOrders,
    private readonly asks: DisruptionRequests,
    private readonly clock: Clock,
  ) {}

  /** Waits for bookings under way, and lets new ones wait until it is written. */
  async apply(input: ApplyDisruptionInput, caller: DisruptionCaller): Promise<Applied> {
    const id = newId();
    const request = this.asks.request(input, caller);
    const applied = await this.db.transaction(async (tx): Promise<Applied | 'repeated'> => {
      await this.chains.lockForImport(tx);
      const before = await this.chains.load(tx);
      checkScope(input.disruption, before.network, caller);
      if (await this.asks.isRepeated(tx, request)) return 'repeated';
      const facts = factsFrom(input.disruption, before.network, this.clock.now());
      if (!facts.ok) return facts;
      await this.asks.open(tx, request, id);
      const reason = input.disruption.reason ?? null;
      const report = { id, facts: facts.value, reason, actor: caller.id, at: this.clock.now() };
      const record = await this.records.insert(tx, report);
      await this.changed(tx, facts.value);
      return ok(record);
    });
    return applied === 'repeated' ? this.replay(request) : applied;
  }

  async lift(
    id: string,
    caller: DisruptionCaller,
  ): Promise<Result<DisruptionRecord, UnknownDisruption>> {
    if (!isUuid(id)) return refuse({ code: 'UNKNOWN_DISRUPTION' });
    return this.db.transaction(async (tx) => {
      await this.chains.lockForImport(tx);
      const found = await this.records.find(id, tx);
      if (found === null) return refuse({ code: 'UNKNOWN_DISRUPTION' });
      const { network } = await this.chains.load(tx);
      checkScope({ kind: found.kind, partCode: found.code }, network, caller);
      const lifted = await this.records.lift(tx, id, caller.id, this.clock.now());
      if (lifted === null) return ok(found);
      await this.changed(tx, factsOf(lifted), true);
      return ok(lifted);
    });
  }

  /** @param all also those that a cut shift has room for */
  private async changed(tx: EntityManager, facts: DisruptionFacts, all = false): Promise<void> {
    await this.chains.nextVersion(tx);
    const { network } = await this.chains.load(tx);
    const ids = await this.touched.of(facts, network, { all, from: tx });
    await this.asks.replan(tx, ids, facts, this.clock.now());
  }

  private async replay(request: KeyedRequest): Promise<Applied> {
    const earlier = await this.asks.earlier(request);
    if (earlier === null) throw new Error('a request key that was answered is gone');
    if (earlier.contentHash !== request.contentHash) return refuse({ code: 'REQUEST_KEY_REUSED' });
    const record = (await this.records.find(earlier.answerId))!;
    // As it was answered then: it may have been lifted since.
    return ok({ ...record, lifted_at: null });
  }
}
