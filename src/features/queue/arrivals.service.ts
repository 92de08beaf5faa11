import { Injectable } from '@nestjs/common';

import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, type Result } from '../../core/result.ts';
import { Capacity } from '../capacity/index.ts';
import { CheckIn } from './check-in.service.ts';
import type { QueueEntryData } from './queue-entry.ts';
import type { Arriving } from './queue-input.ts';
import { notInLine, type NotInLine } from './refusals.ts';
import { ticketCodeIn } from './ticket-text.ts';
import { Tickets, type CheckInOption } from './tickets.ts';

export type Arrived =
  | { readonly entry: QueueEntryData; readonly options?: undefined }
  | { readonly options: readonly CheckInOption[]; readonly entry?: undefined };

/** Finds what somebody has come for, by what they can show or say, and checks them in. */
@Injectable()
export class Arrivals {
  constructor(
    private readonly capacity: Capacity,
    private readonly tickets: Tickets,
    private readonly checkIns: CheckIn,
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
    return checked.ok ? ok({ entry: checked.value }) : checked;
  }
}
