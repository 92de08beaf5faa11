import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import type { DisruptionFacts } from '../network/index.ts';
import { contentHash, Replans, RequestKeys, type KeyedRequest } from '../orders/index.ts';
import type { ApplyDisruptionInput, DisruptionCaller } from './disruption-input.ts';
import { CAUSE_OF } from './touched-orders.ts';

/** What a report leaves besides the disruption: its request key, and the orders asked for. */
@Injectable()
export class DisruptionRequests {
  constructor(
    private readonly keys: RequestKeys,
    private readonly replans: Replans,
  ) {}

  request(
    { requestKey: key, disruption }: ApplyDisruptionInput,
    caller: DisruptionCaller,
  ): KeyedRequest {
    return { caller: caller.id, key, contentHash: contentHash('applyDisruption', disruption) };
  }

  async isRepeated(tx: EntityManager, request: KeyedRequest): Promise<boolean> {
    return (await this.keys.find(request, tx)) !== null;
  }

  async open(tx: EntityManager, request: KeyedRequest, id: string): Promise<void> {
    if (!(await this.keys.open(tx, request, id))) throw new Error('the same request came twice');
  }

  earlier(request: KeyedRequest) {
    return this.keys.find(request);
  }

  replan(tx: EntityManager, ids: readonly string[], facts: DisruptionFacts, now: EpochMs) {
    return this.replans.ask(tx, ids, CAUSE_OF[facts.kind], now);
  }
}
