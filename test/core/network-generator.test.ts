import { describe, expect, it } from 'vitest';

import { emptyDocument } from '../../src/core/network/network-document.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { parseNetworkInput } from '../../src/core/network/parse-network-input.ts';
import { validateNetwork } from '../../src/core/network/validate-network.ts';
import { generateNetwork } from '../support/network-generator.ts';
import { generateOrders, type GeneratedOrder } from '../support/order-generator.ts';

const tripsOf = (network: NetworkInput): number =>
  network.lines!.reduce((sum, line) => sum + line.departures.length, 0);

describe('generateNetwork', () => {
  it.each([10, 500, 2_000])('%d stores make a sound chain', (stores) => {
    const network = generateNetwork({ stores, seed: 11 });
    expect(network.stores).toHaveLength(stores);
    expect(parseNetworkInput(network)).toEqual({ input: network });
    expect(validateNetwork(emptyDocument, network)).toEqual([]);
  });

  it('equal seeds make equal chains, others do not', () => {
    expect(generateNetwork({ stores: 40, seed: 2 })).toEqual(
      generateNetwork({ stores: 40, seed: 2 }),
    );
    expect(generateNetwork({ stores: 40, seed: 2 })).not.toEqual(
      generateNetwork({ stores: 40, seed: 3 }),
    );
  });

  it('500 stores have 20 hubs and about 2,000 trips a day', () => {
    const network = generateNetwork({ stores: 500, seed: 1 });
    const hubs = network.workshops!.filter((workshop) => workshop.storeCode === undefined);
    expect(hubs).toHaveLength(20);
    expect(tripsOf(network)).toBeGreaterThan(1_900);
    expect(tripsOf(network)).toBeLessThan(2_100);
  });

  it('has as many hubs and trips as asked for', () => {
    const network = generateNetwork({ stores: 60, hubs: 5, tripsPerDay: 700, seed: 1 });
    expect(network.workshops!.filter((workshop) => workshop.storeCode === undefined)).toHaveLength(
      5,
    );
    expect(Math.abs(tripsOf(network) - 700)).toBeLessThan(35);
  });

  it.each([
    { stores: 10, hubs: 1 },
    { stores: 10, hubs: 2 },
    { stores: 30, hubs: 3 },
    { stores: 200, hubs: 8 },
  ])('every place can be reached from every other: $stores stores, $hubs hubs', (size) => {
    const network = generateNetwork({ ...size, seed: 4 });
    const codes = [
      ...network.stores!,
      ...network.workshops!.filter((w) => w.storeCode === undefined),
    ];
    for (const { code } of [codes[0]!, codes.at(-1)!]) {
      expect(reachedFrom(network, code).size).toBe(codes.length);
    }
  });
});

describe('generateOrders', () => {
  const network = generateNetwork({ stores: 20, seed: 1 });
  const first = (count: number, seed: number): readonly GeneratedOrder[] => {
    const stream = generateOrders(network, { seed, days: 10 });
    return Array.from({ length: count }, () => stream.next().value);
  };

  it('equal seeds make equal streams, others do not', () => {
    expect(first(50, 9)).toEqual(first(50, 9));
    expect(first(50, 9)).not.toEqual(first(50, 8));
  });

  it('names stores and services of the network, and days in order', () => {
    const stores = new Set(network.stores!.map((store) => store.code));
    const services = new Set(network.services!.map((service) => service.code));
    for (const order of first(500, 9)) {
      expect(stores.has(order.dropOffStoreCode) && stores.has(order.pickUpStoreCode)).toBe(true);
      expect(order.dropOffDay).toBeGreaterThanOrEqual(1);
      expect(order.dropOffDay).toBeLessThanOrEqual(10);
      expect(order.pickUpDay).toBeGreaterThan(order.dropOffDay);
      expect(
        order.items.every((item) => item.serviceCodes.every((code) => services.has(code))),
      ).toBe(true);
    }
  });
});

function reachedFrom({ lines }: NetworkInput, start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const { stops } of lines!) {
      const boarding = stops.findIndex((stop) => reached.has(stop.code));
      if (boarding >= 0) for (const stop of stops.slice(boarding)) reached.add(stop.code);
    }
  }
  return reached;
}
