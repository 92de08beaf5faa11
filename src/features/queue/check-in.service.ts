import { Injectable } from '@nestjs/common';

import type { AppointmentData, OrderData } from '../../core/orders/order.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { arrivalAt, dueTime, type Arrival } from '../../core/queue/due.ts';
import type { QueueSettings } from '../../core/queue/settings.ts';
import { nextVisit, withoutPlace, withVisit } from '../../core/queue/visits.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { localDateOf } from '../../core/time/local-date.ts';
import { violates } from '../../platform/database/database-errors.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { OrderChange, OrderReader, type OrderStep, type OrderWithClaims } from '../orders/index.ts';
import { LineReader } from './line-reader.ts';
import { LineWriter, type Joining } from './line-writer.ts';
import { NearCustomers } from './near-customers.ts';
import type { QueueEntryData } from './queue-entry.ts';
import { QueueNews } from './queue-news.ts';
import { notInLine, type NotInLine } from './refusals.ts';

export interface CheckInRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly storeCode: string;
  readonly orderId: string;
  readonly reducedMobility: boolean;
}

interface Known {
  readonly found: OrderWithClaims | null;
  readonly settings: QueueSettings;
}

/** What of a check-in its event says; messages about it read `visit`. */
const detailsOf = ({ kind }: AppointmentData, arrival: Arrival) => ({
  visit: kind,
  as: arrival.kind,
});

/** Takes somebody with an appointment into the line of its store. */
@Injectable()
export class CheckIn {
  constructor(
    private readonly change: OrderChange,
    private readonly orders: OrderReader,
    private readonly reader: LineReader,
    private readonly writer: LineWriter,
    private readonly near: NearCustomers,
    private readonly news: QueueNews,
  ) {}

  /** Somebody who is in the line already is answered where they are. */
  async run(
    request: CheckInRequest,
  ): Promise<Result<QueueEntryData, NotInLine | RequestKeyReused>> {
    try {
      return await this.checkIn(request);
    } catch (fault) {
      // They joined before their appointment, for the same order.
      if (violates(fault, 'uq_queue_entry_order')) return this.whereTheyAre(request);
      throw fault;
    }
  }

  private async checkIn(
    request: CheckInRequest,
  ): Promise<Result<QueueEntryData, NotInLine | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    const changed = await this.change.run<NotInLine, Known>({
      ...{ caller, requestKey, operation: 'checkIn', content },
      read: async () => ({
        found: await this.orders.byId(request.orderId, caller),
        settings: await this.reader.settings(request.storeCode),
      }),
      decide: (world, known) => this.decide(world, request, known),
    });
    if (!changed.ok) {
      const { error } = changed;
      return error.code === 'WRONG_STATUS' ? this.whereTheyAre(request) : refuse(error);
    }
    this.news.tell(request.storeCode);
    const { id, version } = changed.value;
    return ok((await this.reader.joinedAt(id, version))!);
  }

  private async whereTheyAre({
    orderId,
    storeCode,
  }: CheckInRequest): Promise<Result<QueueEntryData, NotInLine>> {
    const entry = await this.reader.ofOrder(orderId);
    return entry?.storeCode === storeCode ? ok(entry) : notInLine('WRONG_STATUS');
  }

  private decide(
    world: World,
    request: CheckInRequest,
    { found, settings }: Known,
  ): Result<OrderStep, NotInLine> {
    // There is the order, and it has nothing to do with any store of the caller.
    if (found === null) return notInLine('WRONG_STORE');
    const visit = nextVisit(found.order);
    if (!visit.ok) return visit;
    if (visit.value.storeCode !== request.storeCode) return notInLine('WRONG_STORE');
    const after = withVisit(found.order, visit.value, 'CHECKED_IN');
    if (!after.ok) return after;
    const arrival = arrivalAt(visit.value.start, world.now, settings);
    const joining = joiningFor(world, request, after.value, visit.value, arrival, settings);
    return ok({
      before: found,
      after: after.value,
      ...(arrival.keepsSlot
        ? {}
        : { claims: withoutPlace(found.order, visit.value, found.claims) }),
      event: { kind: 'CHECKED_IN', details: detailsOf(visit.value, arrival) },
      holdsOnAnyChain: true,
      also: async (tx) => {
        await this.writer.oneAfterTheOther(tx, request.storeCode);
        const entry = await this.writer.join(tx, joining, request.caller.id);
        await this.near.joined(tx, request.storeCode, entry.id, world.now);
      },
    });
  }
}

function joiningFor(
  { network, now }: World,
  { storeCode, reducedMobility }: CheckInRequest,
  order: OrderData,
  visit: AppointmentData,
  { kind }: Arrival,
  settings: QueueSettings,
): Joining {
  return {
    ...{ storeCode, kind, visitKind: visit.kind, reducedMobility, arrivedAt: now },
    localDate: localDateOf(now, network.stores.get(storeCode)!.timeZone),
    pairs: order.items.reduce((sum, { pairs }) => sum + pairs, 0),
    order,
    appointmentId: visit.id,
    dueAt: dueTime(kind, now, visit.start, settings),
    goesFirst: reducedMobility && settings.reducedMobilityFirst,
  };
}
