import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { AgreedFindings } from '../../src/features/findings/index.ts';
import { aBooking, bookOrder, newKey, type OrderAnswer } from '../support/bookings.ts';
import { decideFinding, reportFinding, setHouseRules } from '../support/findings.ts';
import { scan, type Scanned } from '../support/goods.ts';
import { handOut, receiveOrder, type HandingOut } from '../support/handovers.ts';
import { ledgerFaults } from '../support/ledger-faults.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork({ counter: { visits: 60 } }) });
});
afterAll(() => service.stop());

interface Ready {
  readonly order: OrderAnswer;
  readonly tags: readonly string[];
}

async function received(pairs: number): Promise<Ready> {
  service.clock.set(at('Mon 08:00'));
  const order = await bookOrder(service, aBooking({ pairs, pickUp: 'B Wed 12:00' }));
  service.clock.set(at('Mon 10:35'));
  const items = [{ item: 1, pairs }];
  const answer = await receiveOrder(service, { orderId: order.id, items });
  return { order, tags: answer.pairs.map(({ tag }) => tag) };
}

function wayOf(tag: string): readonly Scanned[] {
  const there = { lineCode: 'A-W', departs: 'Mon 14:00' };
  const back = { lineCode: 'W-B', departs: 'Tue 18:30' };
  return [
    { tag, kind: 'LOADED', placeCode: 'A', at: 'Mon 14:00', trip: there, toCode: 'W' },
    { tag, kind: 'UNLOADED', placeCode: 'W', at: 'Mon 15:00', trip: there },
    { tag, kind: 'WORK_STARTED', placeCode: 'W', at: 'Tue 09:10' },
    { tag, kind: 'WORK_FINISHED', placeCode: 'W', at: 'Tue 17:00' },
    { tag, kind: 'LOADED', placeCode: 'W', at: 'Tue 18:30', trip: back, toCode: 'B' },
    { tag, kind: 'UNLOADED', placeCode: 'B', at: 'Tue 20:00', trip: back },
    { tag, kind: 'PUT_AWAY', placeCode: 'B', at: 'Tue 20:20', shelf: `R${tag.slice(0, 1)}` },
  ];
}

/** Of the pairs that went all the way; the others stayed at the drop-off store. */
async function ready(pairs = 1, went = pairs): Promise<Ready> {
  const at_ = await received(pairs);
  service.clock.set(at('Wed 12:05'));
  await scan(service, at_.tags.slice(0, went).flatMap(wayOf));
  return at_;
}

const shelfClaims = (orderId: string) =>
  service.rows<{ amount: number }>(
    `SELECT amount FROM claim, unnest(resources, starts, amounts) AS each (resource, start, amount)
      WHERE owner_id = $1 AND resource = 'shelf:B' AND start > $2 ORDER BY start`,
    [orderId, new Date(at('Tue 00:00'))],
  );

describe('handOut', () => {
  it('gives all pairs to the customer, and logs who gave what to whom', async () => {
    const { order, tags } = await ready(2);
    const input = {
      ticketCode: order.ticketCode,
      tags,
      handedTo: 'Her brother',
      requestKey: newKey(),
    };
    const out = await handOut(service, input, service.tokens.staff('B'));
    expect(out).toMatchObject({
      __typename: 'HandedOut',
      order: { status: 'COLLECTED', pickUp: { status: 'FULFILLED' } },
      out: tags,
      left: [],
    });
    expect(await handOut(service, input, service.tokens.staff('B'))).toEqual(out);
    const log = await service.rows(
      `SELECT h.store_code, h.actor, h.handed_to, count(*)::int AS pairs
         FROM hand_out h JOIN hand_out_pair p ON p.hand_out_id = h.id WHERE h.order_id = $1
        GROUP BY 1, 2, 3`,
      [order.id],
    );
    expect(log).toEqual([
      { store_code: 'B', actor: 'staff:B', handed_to: 'Her brother', pairs: 2 },
    ]);
    const scans = await service.rows(
      `SELECT actor FROM scan s JOIN pair p ON p.id = s.pair_id
        WHERE p.order_id = $1 AND s.kind = 'HANDED_OUT'`,
      [order.id],
    );
    expect(scans).toEqual([{ actor: 'staff:B' }, { actor: 'staff:B' }]);
    const told = await service.rows(
      `SELECT 1 FROM message WHERE order_id = $1 AND kind = 'COLLECTED'`,
      [order.id],
    );
    expect(told).toHaveLength(1);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('shows where the pairs are and what is owed, findings included', async () => {
    const { order, tags } = await received(2);
    service.clock.set(at('Tue 09:00'));
    await scan(
      service,
      tags.flatMap((tag) => wayOf(tag).slice(0, 2)),
    );
    const { id: findingId } = await reportFinding(service, {
      tag: tags[0]!,
      operations: [{ skill: 'clean', units: 1 }],
    });
    await decideFinding(service, { findingId, decision: 'APPROVE' });
    service.clock.set(at('Wed 12:05'));
    await scan(service, wayOf(tags[1]!).slice(2));
    const { handOutSheet } = await service.data<{ handOutSheet: object }>(
      `query ($ticket: String!) { handOutSheet(ticketCode: $ticket, storeCode: "B") {
         isRightStore pairs { tag shelf problem } owed { minor currency } order { id } } }`,
      { ticket: order.ticketCode.toLowerCase() },
      service.tokens.staff('B'),
    );
    expect(handOutSheet).toEqual({
      isRightStore: true,
      order: { id: order.id },
      pairs: [
        { tag: tags[0], shelf: null, problem: 'NOT_HERE' },
        { tag: tags[1], shelf: `R${tags[1]!.slice(0, 1)}`, problem: null },
      ],
      owed: [{ minor: 2 * 9_900 + 12_000, currency: 'CNY' }],
    });
  });

  it.each([
    { at: 'A', as: 'staff where it was handed in', sheet: { isRightStore: false } },
    { at: 'B', as: 'staff where it is to be collected', sheet: { isRightStore: true } },
    { at: 'C', as: 'staff of another store', sheet: null },
  ])('shows an order by its ticket to $as: $sheet', async ({ at: store, sheet }) => {
    const { order } = await received(1);
    const answer = await service.data(
      `query ($ticket: String!, $store: ID!) {
         handOutSheet(ticketCode: $ticket, storeCode: $store) { isRightStore } }`,
      { ticket: order.ticketCode, store },
      service.tokens.staff(store),
    );
    expect(answer).toEqual({ handOutSheet: sheet });
  });

  it('gives part of an order, and the rest when it is there', async () => {
    const { order, tags } = await ready(2, 1);
    const [first, second] = tags as [string, string];
    const name = { orderId: order.id };
    expect(await handOut(service, { ...name, tags: [first] })).toMatchObject({
      code: 'HAND_OUT_STOPPED',
      problems: [{ tag: second, code: 'LEFT_BEHIND' }],
    });
    await setHouseRules(service, { partialHandOut: false });
    const part = { ...name, tags: [first], partial: true };
    expect(await handOut(service, part)).toMatchObject({ code: 'PARTIAL_NOT_ALLOWED' });
    await setHouseRules(service, { partialHandOut: true });
    expect(await handOut(service, part)).toMatchObject({
      __typename: 'HandedOut',
      order: { pickUp: { status: 'BOOKED' } },
      out: [first],
      left: [second],
    });
    expect(await ledgerFaults(service)).toEqual([]);
    expect(await handOut(service, { ...part, tags: [first] })).toMatchObject({
      problems: [{ tag: first, code: 'ALREADY_HANDED_OUT' }],
    });
    await scan(service, wayOf(second));
    expect(await handOut(service, { ...name, tags: [second] })).toMatchObject({
      order: { status: 'COLLECTED', pickUp: { status: 'FULFILLED' } },
      out: tags,
      left: [],
    });
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('gives the shelf back from tomorrow on', async () => {
    const { order, tags } = await ready();
    service.clock.set(at('Tue 20:30'));
    expect((await shelfClaims(order.id)).length).toBeGreaterThan(0);
    const tomorrow = () =>
      service.rows(
        `SELECT 1 FROM claim, unnest(resources, starts) AS each (resource, start)
          WHERE owner_id = $1 AND resource = 'shelf:B' AND start > $2`,
        [order.id, new Date(at('Tue 20:30'))],
      );
    expect(await tomorrow()).toHaveLength(1);
    expect(await handOut(service, { orderId: order.id, tags })).toMatchObject({
      __typename: 'HandedOut',
    });
    expect(await tomorrow()).toHaveLength(0);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('stops at every pair that is not right, and names each', async () => {
    const mine = await ready(3, 1);
    const other = await ready();
    const [here, away, missing] = mine.tags as [string, string, string];
    await scan(service, [
      { tag: missing, kind: 'REPORTED_MISSING', placeCode: 'A', at: 'Wed 11:00' },
    ]);
    const tags = [here, away, missing, other.tags[0]!, '222-222-222', 'rubbish'];
    const stopped = await handOut(service, { orderId: mine.order.id, tags, partial: true });
    expect(stopped).toMatchObject({
      __typename: 'HandOutStopped',
      problems: [
        { tag: away, code: 'NOT_HERE' },
        { tag: missing, code: 'MISSING' },
        { tag: other.tags[0], code: 'WRONG_PAIR' },
        { tag: '222-222-222', code: 'UNKNOWN_TAG' },
        { tag: 'rubbish', code: 'UNKNOWN_TAG' },
      ],
    });
    expect(stopped.message).toContain(away);
    expect(
      await service.rows(`SELECT 1 FROM hand_out WHERE order_id = $1`, [mine.order.id]),
    ).toEqual([]);
  });

  it('stops at a pair whose work is not done', async () => {
    const { order, tags } = await received(1);
    const tag = tags[0]!;
    service.clock.set(at('Wed 12:05'));
    await scan(
      service,
      wayOf(tag).filter(({ kind }) => !kind.startsWith('WORK')),
    );
    expect(await handOut(service, { orderId: order.id, tags, partial: true })).toMatchObject({
      problems: [{ tag, code: 'NOT_READY' }],
    });
  });

  it('names the right store, and refuses what is not there or seen in another version', async () => {
    const { order, tags } = await ready();
    const name = { ticketCode: order.ticketCode, tags };
    expect(
      await handOut(service, { ...name, storeCode: 'A' }, service.tokens.staff('A')),
    ).toMatchObject({ __typename: 'WrongStore', store: { code: 'B' } });
    expect(await handOut(service, { ...name, expectedVersion: 1 })).toMatchObject({
      __typename: 'VersionConflict',
    });
    expect(await handOut(service, { ticketCode: 'XXXX-XXXX', tags })).toMatchObject({
      code: 'WRONG_STATUS',
    });
    for (const token of [service.tokens.staff('A'), service.tokens.customer('a@example.com')]) {
      await expect(handOut(service, name, token)).rejects.toThrow('FORBIDDEN');
    }
    const both: HandingOut = { ...name, orderId: order.id };
    await expect(handOut(service, both)).rejects.toThrow('BAD_USER_INPUT');
  });

  it('decides again when a scan moves a pair away meanwhile', async () => {
    const { order, tags } = await ready(2, 1);
    const [here, other] = tags as [string, string];
    const later = { lineCode: 'A-W', departs: 'Wed 14:00' };
    const loaded = (tag: string): Scanned => ({
      ...{ tag, kind: 'LOADED', placeCode: 'A', at: 'Wed 12:05', trip: later, toCode: 'W' },
    });
    await scan(service, [loaded(other)]);
    const versions = () =>
      service.rows(`SELECT version FROM customer_order WHERE id = $1`, [order.id]);
    const before = await versions();
    const findings = service.app.get(AgreedFindings, { strict: false });
    const read = findings.gatedPairs.bind(findings);
    const reading = vi.spyOn(findings, 'gatedPairs').mockImplementationOnce(async (orderId) => {
      await scan(service, [loaded(here)]);
      expect(await versions()).toEqual(before);
      return read(orderId);
    });
    const answer = await handOut(service, { orderId: order.id, tags: [here], partial: true });
    expect(answer).toMatchObject({ problems: [{ tag: here, code: 'NOT_HERE' }] });
    expect(reading).toHaveBeenCalledTimes(2);
    expect(await versions()).toEqual(before);
    reading.mockRestore();
  });

  it('gives a pair once, however many clerks try', async () => {
    const { order, tags } = await ready();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => handOut(service, { orderId: order.id, tags })),
    );
    expect(all.filter(({ __typename }) => __typename === 'HandedOut')).toHaveLength(1);
    expect(await ledgerFaults(service)).toEqual([]);
  });
});
