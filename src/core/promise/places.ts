import type { Network } from '../network/network.ts';

/**
 * The chain's places by number. A workshop in a store has the number of the store: goods need no ride
 * between the two.
 */
export interface Places {
  readonly count: number;
  /** By code of store or workshop. */
  readonly numberOf: ReadonlyMap<string, number>;
}

export function placesOf(network: Network): Places {
  const numberOf = new Map<string, number>();
  for (const code of network.stores.keys()) numberOf.set(code, numberOf.size);
  let count = numberOf.size;
  for (const { code, storeCode } of network.workshops.values()) {
    const ofStore = storeCode === null ? undefined : numberOf.get(storeCode);
    numberOf.set(code, ofStore ?? count++);
  }
  return { count, numberOf };
}
