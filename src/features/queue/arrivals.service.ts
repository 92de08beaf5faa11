import { Injectable } from '@nestjs/common';

import { pairsOf } from '../../core/orders/order.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { nextVisit } from '../../core/queue/visits.ts';
import { ok, type Result } from '../../core/result.ts';
import { Capacity } from '../capacity/index.ts';
import { OrderReader } from '../orders/index.ts';
import { CheckIn, type CheckInRequest } from './check-in.service.ts';
import { JoinQueue } from './join-queue.service.ts';
import type { QueueEntryData } from './queue-entry.ts';
import type { Arriving } from './queue-input.ts';
import { notInLine, type NotInLine } from './refusals.ts';
import { ticketCodeIn } from './ticket-text.ts';
import { Tickets, type CheckInOption } from './tickets.ts';

export type Arrived =
  | { readonly entry: QueueEntryData; readonly options?: undefined }
  | { readonly options: readonly CheckInOption[]; readonly entry?: undefined };

/** To the key of a check-in that was one to join: the same request has one key for each of the two. */
const AGAIN = ' again';

/** Finds what somebody has come for, by what they can show or say, and checks them in. */
@Injectable()
export class Arrivals {
  constructor(
    private readonly capacity: Capacity,
    private readonly tickets: Tickets,
    private readonly checkIns: CheckIn,
    private readonly joins: JoinQueue,
    private readonly orders: OrderReader,
  ) {}

  async run(arriving: Arriving): Promise<Result<Arrived, NotInLine | RequestKeyReused>> {
    const { by, ...request } = arriving;
    const { network } = await this.capacity.world();
    if (!network.stores.has(request.storeCode)) return notInLine('UNKNOWN_STORE');
    if ('phone' in by) return this.byPhone(arriving, by.phone);
    const code = ticketCodeIn(by.ticket);
    const orderId = code === null ? null : await this.tickets.orderOf(code);
    return orderId === null ? notInLine('UNKNOWN_TICKET') : this.checkIn(arriving, orderId);
  }

  /** Somebody whose only order is in the line already is found by it, too. */
  private async byPhone(
    arriving: Arriving,
    phone: string,
  ): Promise<Result<Arrived, NotInLine | RequestKeyReused>> {
    const options = await this.tickets.ofPhone(arriving.storeCode, phone);
    if (options.length > 1) return ok({ options });
    const orderId =
      options[0]?.orderId ?? (await this.tickets.inLineOfPhone(arriving.storeCode, phone));
    return orderId === null ? notInLine('UNKNOWN_TICKET') : this.checkIn(arriving, orderId);
  }

  private async checkIn(
    { caller, requestKey, storeCode, reducedMobility }: Arriving,
    orderId: string,
  ): Promise<Result<Arrived, NotInLine | RequestKeyReused>> {
    const request = { caller, requestKey, storeCode, orderId, reducedMobility };
    const checked = await this.checkIns.run(request);
    if (checked.ok) return ok({ entry: checked.value });
    const again = checked.error.code === 'WRONG_STATUS' ? await this.again(request) : null;
    return again ?? checked;
  }

  /**
   * Somebody who checked in before and went away: they join as a walk-in, as their appointment is used.
   *
   * @returns null: the order is not one of those
   */
  private async again(
    request: CheckInRequest,
  ): Promise<Result<Arrived, NotInLine | RequestKeyReused> | null> {
    const found = await this.orders.byId(request.orderId, request.caller);
    const visit = found === null ? null : nextVisit(found.order);
    if (found === null || visit?.ok !== true || visit.value.status !== 'CHECKED_IN') return null;
    if (visit.value.storeCode !== request.storeCode) return null;
    const joined = await this.joins.run({
      ...request,
      requestKey: `${request.requestKey}${AGAIN}`,
      visitKind: visit.value.kind,
      pairs: pairsOf(found.order.items),
    });
    return joined.ok ? ok({ entry: joined.value.entry }) : joined;
  }
}
