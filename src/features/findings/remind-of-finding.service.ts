import { Injectable } from '@nestjs/common';

import { progressed } from '../../core/orders/progress.ts';
import type { NotBookable } from '../../core/orders/refusals.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { OrderChange, OrderHistory, OrderReader, type OrderStep } from '../orders/index.ts';
import { FindingStore, type FindingData } from './finding-store.ts';

/** Tells the customer of a finding once more. */
@Injectable()
export class RemindOfFinding {
  constructor(
    private readonly change: OrderChange,
    private readonly reader: OrderReader,
    private readonly history: OrderHistory,
    private readonly store: FindingStore,
  ) {}

  /** @returns whether they are told: not if it was decided meanwhile */
  async run(findingId: string): Promise<boolean> {
    const reminded = await this.change.run<NotBookable, Known | null>({
      caller: { id: 'house-rules' },
      requestKey: `finding-reminder:${findingId}`,
      operation: 'remindOfFinding',
      content: { findingId },
      read: () => this.read(findingId),
      decide: (_, known) => this.decide(known),
    });
    return reminded.ok;
  }

  private async read(findingId: string): Promise<Known | null> {
    const orderId = (await this.store.byId(findingId))?.orderId;
    if (orderId === undefined) return null;
    const [before] = await this.reader.many([orderId]);
    const finding = await this.store.byId(findingId);
    if (before === undefined || finding === null) return null;
    const details = await this.history.detailsAt(orderId, finding.orderVersion);
    return { before, finding, details };
  }

  private decide(known: Known | null): Result<OrderStep, NotBookable> {
    if (known === null) return refuse({ code: 'WRONG_STATUS' });
    const { before, finding, details } = known;
    const isWaiting = finding.state === 'OPEN' && finding.remindAt !== null;
    if (!isWaiting) return refuse({ code: 'WRONG_STATUS' });
    const after = progressed(before.order, { kind: 'FINDING_REMINDED' });
    if (!after.ok) return after;
    return ok({
      before,
      after: after.value,
      event: { kind: 'FINDING_REMINDED', details },
      also: (tx) => this.store.reminded(tx, finding.id),
    });
  }
}

interface Known {
  readonly before: OrderStep['before'];
  readonly finding: FindingData;
  /** What was told when it was reported. */
  readonly details: object | null;
}
