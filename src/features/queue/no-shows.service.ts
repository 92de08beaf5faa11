import { Injectable, Logger } from '@nestjs/common';

import type { OrderData } from '../../core/orders/order.ts';
import type { NotBookable, RequestKeyReused } from '../../core/orders/refusals.ts';
import { claimsAfterNoShow, isNoShow, nextVisit, withVisit } from '../../core/queue/visits.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { OrderChange, OrderReader, Replans, type OrderWithClaims } from '../orders/index.ts';
import { isStaffOf } from './callers.ts';
import { MissedVisits, type MissedVisit } from './missed-visits.ts';

/** Who marks those who did not come; also who reads their orders. */
const MARKER = { role: 'hq', id: 'no-show' } as const;
const BATCH = 100;

export interface UndoRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly appointmentId: string;
}

/** Marks who did not come, gives back what their visits held, and takes it back where it was wrong. */
@Injectable()
export class NoShows {
  private readonly log = new Logger('queue');

  constructor(
    private readonly missed: MissedVisits,
    private readonly change: OrderChange,
    private readonly orders: OrderReader,
    private readonly replans: Replans,
  ) {}

  /** All that are due, each once however many processes look. @returns how many */
  async mark(): Promise<number> {
    const graceMin = await this.missed.graceMin();
    let marked = 0;
    let last: string | null = null;
    for (;;) {
      const due = await this.missed.due(graceMin, last, BATCH);
      for (const one of due) if (await this.tryOne(one, graceMin)) marked += 1;
      if (due.length < BATCH) return marked;
      last = due.at(-1)!.id;
    }
  }

  /** What could not be marked stays due; it is looked at again the next time. */
  private async tryOne(one: MissedVisit, graceMin: number): Promise<boolean> {
    try {
      return await this.markOne(one, graceMin);
    } catch (fault) {
      this.log.error(fault, `appointment ${one.id} was missed`);
      return false;
    }
  }

  private async markOne({ id, order_id: orderId, version }: MissedVisit, graceMin: number) {
    const marked = await this.change.run<NotBookable, OrderWithClaims | null>({
      caller: MARKER,
      // Whoever else marks it at this moment has the same key.
      requestKey: `${id} v${version}`,
      ...{ operation: 'markNoShow', content: { id } },
      read: () => this.orders.byId(orderId, MARKER),
      decide: (world, found) => {
        if (found === null || !isNoShow(found.order, graceMin, world.now)) return wrongStatus();
        const visit = nextVisit(found.order);
        if (!visit.ok || visit.value.id !== id) return wrongStatus();
        const after = withVisit(found.order, visit.value, 'NO_SHOW');
        if (!after.ok) return after;
        const claims = claimsAfterNoShow(found.order, visit.value, found.claims);
        const details = { visit: visit.value.kind };
        const event = { kind: 'NO_SHOW', details } as const;
        return ok({ before: found, after: after.value, claims, event, holdsOnAnyChain: true });
      },
    });
    return marked.ok;
  }

  /**
   * They came after all, or were still to be waited for: the appointment is as before. Of a drop-off the
   * way is planned again, as what it held was given back.
   */
  async undo(request: UndoRequest): Promise<Result<OrderData, NotBookable | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    return this.change.run<NotBookable, OrderWithClaims | null>({
      ...{ caller, requestKey, operation: 'undoNoShow', content },
      read: () => this.orders.byAppointment(request.appointmentId, caller),
      decide: (world, found) => {
        if (found === null) return wrongStatus();
        const { dropOff, pickUp } = found.order;
        const visit = dropOff.id === request.appointmentId.toLowerCase() ? dropOff : pickUp;
        if (!isStaffOf(caller, visit.storeCode) || visit.status !== 'NO_SHOW') return wrongStatus();
        const after = withVisit(found.order, visit, 'BOOKED');
        if (!after.ok) return after;
        return ok({
          before: found,
          after: after.value,
          event: { kind: 'NO_SHOW_UNDONE', details: { visit: visit.kind } },
          holdsOnAnyChain: true,
          also: async (tx) => {
            if (visit.kind === 'PICK_UP') return;
            await this.replans.ask(tx, [found.order.id], 'MISSED_DROP_OFF', world.now);
          },
        });
      },
    });
  }
}

const wrongStatus = () => refuse({ code: 'WRONG_STATUS' } as const);
