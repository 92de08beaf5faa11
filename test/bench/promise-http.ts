import { MINUTE_MS } from '../../src/core/time/time.ts';
import { ground } from './support/ground.ts';
import { againstTrivial, requestText } from './support/latency.ts';
import type { Measure } from './support/measure.ts';
import { wishes } from './support/wishes.ts';

const QUERY = `query ($input: PromiseInput!) {
  promise(input: $input) {
    __typename
    ... on Promise {
      readyBy
      earliestPickUp { start end capacity remaining }
      steps { kind fromCode toCode start end by }
      delays { kind code at }
    }
    ... on NoPromise { code }
  }
}`;

const SLOT_MS = 30 * MINUTE_MS;

/** Another promise each time, on the chain with its orders. */
export async function* run(): AsyncIterable<Measure> {
  const { chain, network, startService } = await ground();
  const service = await startService();
  const wished = wishes(chain, network, Date.now(), { seed: 11 });
  const next = (): string => {
    const { dropOff, pickUp, items } = wished.next().value;
    const input = {
      dropOffStoreCode: dropOff.storeCode,
      handedOverAt: new Date(dropOff.start + SLOT_MS),
      pickUpStoreCode: pickUp.storeCode,
      items,
    };
    return requestText(QUERY, { input });
  };
  try {
    yield* await againstTrivial('promise over HTTP', service.url, next);
  } finally {
    await service.stop();
  }
}
