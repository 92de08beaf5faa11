import { addDays, localDateOf } from '../../src/core/time/local-date.ts';
import { ground } from './support/ground.ts';
import { againstTrivial, requestText } from './support/latency.ts';
import type { Measure } from './support/measure.ts';

const STORES = 50;
const DAYS = 14;

const QUERY = `query ($stores: [ID!]!, $from: LocalDate!, $to: LocalDate!) {
  availability(storeCodes: $stores, kind: DROP_OFF, from: $from, to: $to) {
    store { code }
    slots { start end capacity remaining }
  }
}`;

/** 50 stores for 14 days, other stores each time. */
export async function* run(): AsyncIterable<Measure> {
  const base = await ground();
  const service = await base.startService();
  try {
    const codes = [...base.network.stores.keys()];
    const from = localDateOf(Date.now(), 'Asia/Shanghai');
    let first = 0;
    const next = (): string => {
      first = (first + STORES) % (codes.length - STORES);
      const stores = codes.slice(first, first + STORES);
      return requestText(QUERY, { stores, from, to: addDays(from, DAYS - 1) });
    };
    yield* await againstTrivial('availability-chain', service.url, next);
  } finally {
    await service.stop();
  }
}
