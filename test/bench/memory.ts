import { readFileSync } from 'node:fs';

import { BookingClient } from './support/booking.ts';
import { ground } from './support/ground.ts';
import { measure, type Measure } from './support/measure.ts';
import { wishes } from './support/wishes.ts';

const BOOKINGS = 10_000;
const CLIENTS = 16;
const LONGEST_MS = 240_000;

/** Resident memory of the service with the chain and its orders, at rest and after bookings. Linux only. */
export async function* run(): AsyncIterable<Measure> {
  const base = await ground();
  const service = await base.startService();
  try {
    // The first question makes it read the chain and the ledger.
    await service.ask('{ store(code: "X-QUIET") { code } }');
    yield measure('memory at rest', 'MB', [residentMb(service.pid)]);
    const until = performance.now() + LONGEST_MS;
    let booked = 0;
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, index) => {
        const wished = wishes(base.chain, base.network, Date.now(), { seed: 5000 + index });
        const client = new BookingClient(service.url, base.token, wished);
        while (booked < BOOKINGS && performance.now() < until) {
          if (await client.book()) booked += 1;
        }
        client.close();
      }),
    );
    yield measure(`memory after ${booked} bookings`, 'MB', [residentMb(service.pid)]);
  } finally {
    await service.stop();
  }
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s*(\d+) kB/.exec(status)![1]) / 1024;
}
