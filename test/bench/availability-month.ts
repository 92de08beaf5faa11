import { addDays, localDateOf } from '../../src/core/time/local-date.ts';
import { BUSY_STORE, QUIET_STORE, STEADY_STORE } from './support/chain.ts';
import { ground } from './support/ground.ts';
import { againstTrivial, requestText } from './support/latency.ts';
import type { Measure } from './support/measure.ts';

const MONTH_DAYS = 31;

const QUERY = `query ($store: ID!, $from: LocalDate!, $to: LocalDate!) {
  availability(storeCodes: [$store], kind: DROP_OFF, from: $from, to: $to) {
    slots { start end capacity remaining }
  }
}`;

/** One store for 31 days with none, 200 and 2,000 orders in the month, beside 100,000 older ones. */
export async function* run(): AsyncIterable<Measure> {
  const service = await (await ground()).startService();
  try {
    const from = localDateOf(Date.now(), 'Asia/Shanghai');
    for (const [orders, store] of [
      [0, QUIET_STORE],
      [200, STEADY_STORE],
      [2000, BUSY_STORE],
    ] as const) {
      const text = requestText(QUERY, { store, from, to: addDays(from, MONTH_DAYS - 1) });
      yield* await againstTrivial(`availability-month, ${orders} orders`, service.url, () => text);
    }
  } finally {
    await service.stop();
  }
}
