import type { OrderAnswer } from '../bookings.ts';
import { aTrip, scan, takeIn, type Scanned } from '../goods.ts';
import type { TestService } from '../service.ts';
import { at } from '../worked-network.ts';

/**
 * No order, line, sheet or disruption is there any more; customers and the chain stay. What the process
 * knows of the ledger stays too, so limits must be high.
 */
export async function clearDay(service: TestService): Promise<void> {
  await service.rows(
    `TRUNCATE customer_order, claim, ledger, ledger_change, queue_event, queue_entry, queue_number,
              queue_settings, desk, disruption, day_sheet, shelf_check, channel_rate CASCADE`,
  );
  await service.rows(`UPDATE chain SET version = version + 1`);
}

/** The way of a pair from A through W to B, as a booking that is the plain way is planned. */
const WAY: readonly Omit<Scanned, 'tag'>[] = [
  { kind: 'LOADED', placeCode: 'A', at: 'Mon 13:50', trip: aTrip('A-W', 'Mon 14:00') },
  { kind: 'UNLOADED', placeCode: 'W', at: 'Mon 15:05', trip: aTrip('A-W', 'Mon 14:00') },
  { kind: 'WORK_STARTED', placeCode: 'W', at: 'Tue 09:30' },
  { kind: 'WORK_FINISHED', placeCode: 'W', at: 'Tue 17:00' },
  { kind: 'LOADED', placeCode: 'W', at: 'Tue 18:20', trip: aTrip('W-B', 'Tue 18:30') },
  { kind: 'UNLOADED', placeCode: 'B', at: 'Tue 20:00', trip: aTrip('W-B', 'Tue 18:30') },
  { kind: 'PUT_AWAY', placeCode: 'B', at: 'Tue 20:20', shelf: 'R2-14' },
];

const STEPS = { ON_VAN: 5, ON_SHELF: 7 } as const;

/** Takes all pairs of an order in and along its way. @returns their tags */
export async function goAlong(
  service: TestService,
  order: OrderAnswer,
  to: keyof typeof STEPS,
): Promise<readonly string[]> {
  service.clock.set(at('Mon 10:30'));
  const tags = await takeIn(service, order);
  for (const step of WAY.slice(0, STEPS[to])) {
    service.clock.set(at(step.at));
    await scan(
      service,
      tags.map((tag) => ({ ...step, tag })),
    );
  }
  return tags;
}
