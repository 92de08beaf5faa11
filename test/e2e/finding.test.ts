import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { OverdueFindings } from '../../src/features/findings/index.ts';
import { aBooking, bookOrder, newKey, readOrder, type OrderAnswer } from '../support/bookings.ts';
import {
  decideFinding,
  findingsOf,
  reportFinding,
  setHouseRules,
  type FindingAnswer,
} from '../support/findings.ts';
import { scan } from '../support/goods.ts';
import { receiveOrder } from '../support/handovers.ts';
import { ledgerFaults } from '../support/ledger-faults.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';

const MEI = '+8613800138000';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork({ counter: { visits: 60 } }) });
});
afterAll(() => service.stop());

beforeEach(async () => {
  await setHouseRules(service, {
    findingDecideHours: 24,
    findingReminderHours: 4,
    findingDefault: 'DECLINE',
  });
});

interface AtWork {
  readonly order: OrderAnswer;
  readonly tag: string;
}

/** An order that came to the workshop on Monday afternoon; it is Tuesday morning. */
async function atWork(pairs = 1): Promise<AtWork> {
  service.clock.set(at('Mon 08:00'));
  const order = await bookOrder(service, aBooking({ pairs, pickUp: 'B Fri 12:00' }));
  service.clock.set(at('Mon 10:35'));
  const items = [{ item: 1, pairs }];
  const received = await receiveOrder(service, { orderId: order.id, items });
  service.clock.set(at('Tue 09:30'));
  const trip = { lineCode: 'A-W', departs: 'Mon 14:00' };
  const tags = received.pairs.map(({ tag }) => tag);
  await scan(
    service,
    tags.flatMap((tag) => [
      { tag, kind: 'LOADED', placeCode: 'A', at: 'Mon 14:00', trip, toCode: 'W' },
      { tag, kind: 'UNLOADED', placeCode: 'W', at: 'Mon 15:00', trip },
    ]),
  );
  return { order, tag: tags[0]! };
}

async function reported(): Promise<AtWork & { readonly finding: FindingAnswer }> {
  const work = await atWork();
  const finding = await reportFinding(service, { tag: work.tag });
  expect(finding.__typename).toBe('Finding');
  return { ...work, finding };
}

const kindsOf = async (orderId: string): Promise<string[]> =>
  (
    await service.rows<{ kind: string }>(
      `SELECT kind FROM event WHERE order_id = $1 ORDER BY version`,
      [orderId],
    )
  ).map(({ kind }) => kind);

const work = (tag: string) =>
  service.rows(
    `SELECT o.position, o.skill, o.origin, o.finding_id FROM pair_operation o JOIN pair p ON p.id = o.pair_id
      WHERE p.tag = $1 ORDER BY o.position`,
    [tag],
  );

const overdue = () => service.app.get(OverdueFindings, { strict: false });

describe('reportFinding', () => {
  it('plans for either answer, asks the customer, and stops the work on the pair', async () => {
    const { order, tag } = await atWork();
    const finding = await reportFinding(
      service,
      { tag: tag.toLowerCase() },
      service.tokens.staff('W'),
    );
    expect(finding).toMatchObject({
      __typename: 'Finding',
      state: 'OPEN',
      tag,
      price: { minor: 12_000, currency: 'CNY' },
      readyIfDeclined: when('Tue 20:30'),
      decideBy: when('Wed 09:30'),
    });
    expect(Date.parse(finding.readyIfApproved!)).toBeGreaterThan(at('Tue 20:30'));
    expect(await findingsOf(service, order.id, service.tokens.customer(MEI))).toMatchObject([
      { id: finding.id, explanation: 'The heel is worn down.' },
    ]);
    const [message] = await service.rows<{ kind: string; details: object }>(
      `SELECT m.kind, e.details FROM message m JOIN event e
         ON e.order_id = m.order_id AND e.version = m.order_version
        WHERE m.order_id = $1 AND m.kind = 'FINDING'`,
      [order.id],
    );
    expect(message!.details).toMatchObject({
      explanation: 'The heel is worn down.',
      priceMinor: 12_000,
      currency: 'CNY',
      readyBy: Date.parse(finding.readyIfApproved!),
      items: [0],
    });
    expect(await work(tag)).toHaveLength(1);
    const started = { tag, kind: 'WORK_STARTED', placeCode: 'W', at: 'Tue 09:31' };
    const [answer] = await scan(service, [started]);
    expect(answer!.discrepancies).toEqual(['WORK_BEFORE_DECISION']);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('shows findings with each of many orders', async () => {
    const { order, finding } = await reported();
    const { myOrders } = await service.data<{
      myOrders: { id: string; findings: FindingAnswer[] }[];
    }>(`{ myOrders(first: 50) { id findings { id } } }`, {}, service.tokens.customer(MEI));
    const found = myOrders.find(({ id }) => id === order.id);
    expect(found!.findings).toEqual([{ id: finding.id }]);
  });

  it('answers the same request again as before', async () => {
    const { tag } = await atWork();
    const input = { tag, requestKey: newKey() };
    const first = await reportFinding(service, input);
    expect(await reportFinding(service, input)).toEqual(first);
    expect(await reportFinding(service, { ...input, priceMinor: 1 })).toMatchObject({
      code: 'REQUEST_KEY_REUSED',
    });
  });

  it('says when there would be no way', async () => {
    const { tag } = await atWork();
    const operations = [{ skill: 'sole', units: 500, dwellMinutes: 0 }];
    expect(await reportFinding(service, { tag, operations })).toMatchObject({
      readyIfApproved: null,
      readyIfDeclined: when('Tue 20:30'),
    });
  });

  it.each([
    { name: 'a tag that is not there', input: { tag: '222-222-222' }, code: 'UNKNOWN_TAG' },
    { name: 'a pair that is elsewhere', input: { workshopCode: 'V' }, code: 'NOT_HERE' },
    {
      name: 'work that nobody can do',
      input: { operations: [{ skill: 'gold', units: 1 }] },
      code: 'UNKNOWN_SKILL',
    },
    { name: 'pictures of nobody', input: { mediaIds: [newKey()] }, code: 'UNKNOWN_MEDIA' },
    { name: 'pictures without an id', input: { mediaIds: ['x'] }, code: 'UNKNOWN_MEDIA' },
  ])('refuses $name', async ({ input, code }) => {
    const { tag, order } = await atWork();
    expect(await reportFinding(service, { tag, ...input })).toMatchObject({ code });
    expect(await findingsOf(service, order.id)).toEqual([]);
  });

  it('is for staff of the workshop', async () => {
    const { tag, order } = await atWork();
    for (const token of [service.tokens.staff('A'), service.tokens.customer(MEI)]) {
      await expect(reportFinding(service, { tag }, token)).rejects.toThrow('FORBIDDEN');
    }
    expect(await findingsOf(service, order.id, service.tokens.customer('+8613900139009'))).toBe(
      null,
    );
  });
});

describe('decideFinding', () => {
  it('adds approved work and asks for a new promise', async () => {
    const { order, tag, finding } = await reported();
    const findingId = finding.id;
    const approve = { findingId, decision: 'APPROVE', requestKey: newKey() } as const;
    const decided = await decideFinding(service, approve, service.tokens.customer(MEI));
    expect(decided).toMatchObject({ state: 'APPROVED', decidedAs: 'CUSTOMER' });
    expect(await decideFinding(service, approve, service.tokens.customer(MEI))).toEqual(decided);
    expect(await work(tag)).toEqual([
      { position: 1, skill: 'clean', origin: 'SERVICE', finding_id: null },
      { position: 2, skill: 'sole', origin: 'FINDING', finding_id: findingId },
    ]);
    expect(await service.rows(`SELECT cause FROM replan WHERE order_id = $1`, [order.id])).toEqual([
      { cause: 'FINDING' },
    ]);
    expect((await kindsOf(order.id)).slice(-2)).toEqual(['FINDING_REPORTED', 'FINDING_DECIDED']);
    for (const decision of ['APPROVE', 'DECLINE'] as const) {
      expect(await decideFinding(service, { findingId, decision })).toMatchObject({
        code: 'ALREADY_DECIDED',
        state: 'APPROVED',
      });
    }
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('leaves the work as it was when it is declined, by staff for the customer', async () => {
    const { tag, finding } = await reported();
    const decline = { findingId: finding.id, decision: 'DECLINE' } as const;
    expect(await decideFinding(service, decline, service.tokens.staff('B'))).toMatchObject({
      state: 'DECLINED',
      decidedAs: 'STAFF',
    });
    expect(await work(tag)).toHaveLength(1);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('gives a question to staff, and no more time', async () => {
    const { order, finding } = await reported();
    const ask = {
      findingId: finding.id,
      decision: 'ASK',
      question: 'How long will it last?',
    } as const;
    const asked = await decideFinding(service, ask, service.tokens.customer(MEI));
    expect(asked).toMatchObject({
      state: 'OPEN',
      question: 'How long will it last?',
      decideBy: finding.decideBy,
    });
    const tasks = await service.rows(
      `SELECT kind, store_code, reason FROM staff_task WHERE order_id = $1`,
      [order.id],
    );
    expect(tasks).toEqual([
      { kind: 'ANSWER_QUESTION', store_code: 'W', reason: 'FINDING_QUESTION' },
    ]);
    expect(await kindsOf(order.id)).toContain('FINDING_ASKED');
    const approve = { findingId: finding.id, decision: 'APPROVE' } as const;
    expect(await decideFinding(service, approve)).toMatchObject({ state: 'APPROVED' });
  });

  it('counts at the very end of the time, and not after it', async () => {
    const { finding } = await reported();
    const approve = { findingId: finding.id, decision: 'APPROVE' } as const;
    service.clock.set(at('Wed 09:30') + 1);
    expect(await decideFinding(service, approve)).toMatchObject({
      code: 'TOO_LATE',
      decideBy: finding.decideBy,
    });
    service.clock.set(at('Wed 09:30'));
    await overdue().run();
    expect(await decideFinding(service, approve)).toMatchObject({ state: 'APPROVED' });
  });

  it('is for the customer of the order and for staff of its stores', async () => {
    const { finding } = await reported();
    const decline = { findingId: finding.id, decision: 'DECLINE' } as const;
    const strangers = [service.tokens.customer('+8613900139009'), service.tokens.staff('C')];
    for (const token of strangers) {
      expect(await decideFinding(service, decline, token)).toMatchObject({
        code: 'UNKNOWN_FINDING',
      });
    }
    expect(await decideFinding(service, { ...decline, findingId: newKey() })).toMatchObject({
      code: 'UNKNOWN_FINDING',
    });
    await expect(decideFinding(service, { ...decline, question: 'Why?' })).rejects.toThrow(
      'question',
    );
  });
});

describe('a finding that nobody decides on', () => {
  it.each([
    { findingDefault: 'DECLINE', state: 'DECLINED', operations: 1 },
    { findingDefault: 'APPROVE', state: 'APPROVED', operations: 2 },
  ])('is $state by the house rules, after a reminder', async (rule) => {
    const { findingDefault, state, operations } = rule;
    await setHouseRules(service, { findingDefault });
    const { order, tag, finding } = await reported();
    service.clock.set(at('Wed 05:30'));
    await overdue().run();
    await overdue().run();
    expect((await kindsOf(order.id)).filter((kind) => kind === 'FINDING_REMINDED')).toHaveLength(1);
    const reminders = await service.rows(
      `SELECT 1 FROM message WHERE order_id = $1 AND kind = 'FINDING'`,
      [order.id],
    );
    expect(reminders).toHaveLength(2);
    expect(await findingsOf(service, order.id)).toMatchObject([{ state: 'OPEN' }]);
    service.clock.set(at('Wed 09:30') + 1);
    await Promise.all([overdue().run(), overdue().run()]);
    await overdue().run();
    expect(await findingsOf(service, order.id)).toMatchObject([
      { id: finding.id, state, decidedAs: 'DEFAULT' },
    ]);
    expect((await kindsOf(order.id)).filter((kind) => kind === 'FINDING_DECIDED')).toHaveLength(1);
    expect(await work(tag)).toHaveLength(operations);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('is decided once when the customer and the rules come at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { order, finding } = await reported();
      const approve = { findingId: finding.id, decision: 'APPROVE' } as const;
      service.clock.set(at('Wed 09:30'));
      const byCustomer = decideFinding(service, approve, service.tokens.customer(MEI));
      service.clock.set(at('Wed 09:30') + 1);
      await Promise.all([byCustomer, overdue().run(), overdue().run()]);
      await overdue().run();
      const kinds = await kindsOf(order.id);
      expect(kinds.filter((kind) => kind === 'FINDING_DECIDED')).toHaveLength(1);
      const [found] = (await findingsOf(service, order.id))!;
      const answer = await byCustomer;
      expect(answer.__typename === 'Finding').toBe(found!.decidedAs === 'CUSTOMER');
    }
    expect(await ledgerFaults(service)).toEqual([]);
  });
});

describe('setHouseRules', () => {
  it('changes what is given, and is for headquarters', async () => {
    expect(await setHouseRules(service, { findingReminderHours: null })).toEqual({
      partialHandOut: true,
      findingDecideHours: 24,
      findingReminderHours: null,
      findingDefault: 'DECLINE',
    });
    const { order } = await reported();
    service.clock.set(at('Wed 05:30'));
    await overdue().run();
    expect(await kindsOf(order.id)).not.toContain('FINDING_REMINDED');
    for (const input of [{ findingDecideHours: 0 }, { findingReminderHours: 24 }]) {
      await expect(setHouseRules(service, input)).rejects.toThrow('hour');
    }
    const staff = service.tokens.staff('A');
    await expect(setHouseRules(service, {}, staff)).rejects.toThrow('FORBIDDEN');
    expect(await readOrder(service, order.id)).toMatchObject({ status: expect.any(String) });
  });
});
