import { BookingClient } from './booking.ts';
import type { Ground } from './ground.ts';
import { loadFor, type Load } from './load.ts';
import { readMetrics } from './metrics.ts';
import { wishes, type CustomersWish, type WishTerms } from './wishes.ts';

/** What somebody wishes for. */
export type Wanted = Omit<WishTerms, 'seed'>;

/** How many clients book for how long, and what they wish for. */
export interface BookingTerms extends Wanted {
  readonly clients: number;
  readonly seconds: number;
}

/** What came of it, by what the service counts of itself. */
export interface Booked {
  readonly load: Load;
  /** How often a booking was computed once more, for each hundred that were carried out. */
  readonly againPercent: number;
  /** Of the service alone, for each booking. */
  readonly cpuMs: number;
}

let seed = 100;

/** Each client books over HTTP as fast as it is answered; what is full is not counted as done. */
export async function bookFor(
  base: Ground,
  url: string,
  { clients, seconds, ...terms }: BookingTerms,
): Promise<Booked> {
  const all = Array.from(
    { length: clients },
    () => new BookingClient(url, base.token, wished(base, terms)),
  );
  const before = await readMetrics(url, base.token);
  const load = await loadFor(
    seconds,
    all.map((client) => () => client.book()),
  );
  for (const client of all) client.close();
  const after = await readMetrics(url, base.token);
  const grown = (name: string) => after(name) - before(name);
  const done = Math.max(1, grown('welt_changes_total'));
  return {
    load,
    againPercent: (100 * grown('welt_changes_computed_again_total')) / done,
    cpuMs: (1000 * grown('process_cpu_seconds_total')) / done,
  };
}

/** Another stream of wishes at each call. */
export function wished({ chain, network }: Ground, terms: Wanted): Generator<CustomersWish, never> {
  seed += 1;
  return wishes(chain, network, Date.now(), { seed, ...terms });
}
