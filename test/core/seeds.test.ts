import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { Usage } from '../../src/core/claims/usage.ts';
import { availableSlots, type VisitKind } from '../../src/core/counter/remaining.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf, emptyDocument } from '../../src/core/network/network-document.ts';
import { parseNetworkInput } from '../../src/core/network/parse-network-input.ts';
import { validateNetwork } from '../../src/core/network/validate-network.ts';
import { propose } from '../../src/core/orders/propose.ts';
import type { World } from '../../src/core/orders/world.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import { addDays, localDateOf, parseLocalTime } from '../../src/core/time/local-date.ts';
import { PROJECT_ROOT } from '../../src/platform/project-root.ts';

const json = (file: string): unknown =>
  JSON.parse(readFileSync(join(PROJECT_ROOT, 'seeds', file), 'utf8'));

const Wish = z.strictObject({
  dropOffStore: z.string(),
  dropOffDay: z.int().min(0).max(7),
  dropOffTime: z.string().regex(/^\d\d:[03]0$/),
  pickUpStore: z.string(),
  pickUpDay: z.int().min(1).max(29),
  pickUpTime: z.string().regex(/^\d\d:[03]0$/),
  items: z
    .array(
      z.strictObject({
        description: z.string().min(1).max(80),
        serviceCodes: z.array(z.string()).min(1),
        pairs: z.int().min(1).max(100),
      }),
    )
    .min(1),
  customer: z
    .strictObject({
      name: z.string().min(1),
      phone: z.string().optional(),
      email: z.string().optional(),
      locale: z.string(),
    })
    .refine(({ phone, email }) => phone !== undefined || email !== undefined),
});
type Wish = z.infer<typeof Wish>;

const { orders } = z.strictObject({ orders: z.array(Wish) }).parse(json('demo-orders.json'));
const parsed = parseNetworkInput(json('demo-network.json'));
const input = 'input' in parsed ? parsed.input : {};
const network = compileNetwork(documentOf(input), 1);

describe('the demo chain', () => {
  it('is sound', () => {
    expect(parsed).toHaveProperty('input');
    expect(validateNetwork(emptyDocument, input)).toEqual([]);
  });

  it('has 24 stores in four time zones and 10 workshops, some of them in stores', () => {
    const stores = [...network.stores.values()];
    expect(stores).toHaveLength(24);
    expect(new Set(stores.map((store) => store.timeZone))).toEqual(
      new Set(['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Asia/Kolkata']),
    );
    const workshops = [...network.workshops.values()];
    expect(workshops).toHaveLength(10);
    expect(workshops.filter((workshop) => workshop.storeCode !== null)).toHaveLength(5);
  });

  it('has every service on offer somewhere, and prices in four currencies', () => {
    const skillSets = [...network.workshops.values()].map(
      (workshop) => new Set(workshop.shifts.flatMap((shift) => [...shift.units.keys()])),
    );
    for (const { operations } of network.services.values()) {
      const doable = skillSets.some((skills) => operations.every(({ skill }) => skills.has(skill)));
      expect(doable).toBe(true);
    }
    const currencies = [...network.services.values()].map((service) => service.currency);
    expect(new Set(currencies)).toEqual(new Set(['CNY', 'USD', 'GBP', 'INR']));
  });

  it('has every store called at by a line', () => {
    const called = new Set(
      [...network.lines.values()].flatMap((line) => line.stops.map((s) => s.code)),
    );
    expect([...network.stores.keys()].filter((code) => !called.has(code))).toEqual([]);
  });
});

describe('the demo orders', () => {
  it('name stores and services of the demo chain', () => {
    for (const { dropOffStore, pickUpStore, items } of orders) {
      expect([...network.stores.keys()]).toEqual(
        expect.arrayContaining([dropOffStore, pickUpStore]),
      );
      const codes = items.flatMap((item) => item.serviceCodes);
      expect([...network.services.keys()]).toEqual(expect.arrayContaining(codes));
    }
  });

  it('are of people whom nobody can reach', () => {
    for (const { customer } of orders) {
      expect(customer.email ?? '@example.com').toMatch(/@example\.com$/);
      // North America 555-01xx, United Kingdom 07700 900xxx (both reserved), China 100 (no such prefix).
      expect(customer.phone ?? '+12125550100').toMatch(
        /^\+(1\d{3}55501\d\d|447700900\d{3}|86100\d{8})$/,
      );
    }
  });

  it.each(['2026-11-22T12:00:00Z', '2027-03-12T22:00:00Z', '2027-10-27T16:00:00Z'])(
    'nearly all of them can be booked when loaded at %s',
    (now) => {
      const world = worldAt(Date.parse(now));
      const booked = orders.filter((wish) => bookInto(world, wish));
      expect(orders.length).toBeGreaterThanOrEqual(150);
      expect(booked.length / orders.length).toBeGreaterThan(0.93);
    },
  );
});

function worldAt(now: number): World {
  const usage = new Usage();
  return { network, usage, planner: new Planner(network, usage), now };
}

/** @returns false: there is no slot or no way */
function bookInto(world: World, wish: Wish): boolean {
  const pairs = wish.items.reduce((sum, item) => sum + item.pairs, 0);
  const slot = (kind: VisitKind, code: string, day: number, time: string): number | undefined => {
    const store = network.stores.get(code)!;
    const date = addDays(localDateOf(world.now, store.timeZone), day);
    const wanted = instantAt(date, parseLocalTime(time)!, store.timeZone);
    const query = { kind, from: date, to: addDays(date, 1), pairs, now: world.now };
    const free = availableSlots(store, query, world.usage);
    return free.find((candidate) => candidate.slot.start >= wanted)?.slot.start;
  };
  const dropOff = slot('DROP_OFF', wish.dropOffStore, wish.dropOffDay, wish.dropOffTime);
  const pickUp = slot('PICK_UP', wish.pickUpStore, wish.pickUpDay, wish.pickUpTime);
  if (dropOff === undefined || pickUp === undefined) return false;
  const proposal = propose(world, {
    dropOff: { storeCode: wish.dropOffStore, start: dropOff },
    pickUp: { storeCode: wish.pickUpStore, start: pickUp },
    items: wish.items,
  });
  if (proposal.ok) world.usage.add(proposal.value.claims);
  return proposal.ok;
}
