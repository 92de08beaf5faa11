import { bookFor } from './support/booking-load.ts';
import { ground } from './support/ground.ts';
import { measure, type Measure } from './support/measure.ts';

const RUNS = 5;
const SECONDS = 8;
const CLIENTS = 32;
const DAYS = 7;

/**
 * How often a booking had to be computed once more because others were faster, where places run out: in
 * each run the clients fill the days of one ordinary store.
 */
export async function* run(): AsyncIterable<Measure> {
  const base = await ground();
  const service = await base.startService({ ROLE: 'api' });
  const again: number[] = [];
  const booked: number[] = [];
  try {
    await bookFor(base, service.url, { clients: CLIENTS, seconds: SECONDS });
    for (const { code } of base.chain.stores!.slice(0, RUNS)) {
      const terms = {
        clients: CLIENTS,
        seconds: SECONDS,
        only: code,
        days: DAYS,
      };
      const { load, againPercent } = await bookFor(base, service.url, terms);
      again.push(againPercent);
      booked.push((100 * load.done) / load.asked);
    }
  } finally {
    await service.stop();
  }
  yield measure('promise, bookings where places run out: computed again', '%', again);
  yield measure('promise, bookings where places run out: booked', '%', booked);
}
