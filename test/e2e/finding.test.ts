import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { aJpeg } from '../media/made/pictures.ts';
import { upload } from '../media/uploading.ts';
import { newKey } from '../support/bookings.ts';
import {
  atWork,
  decideFinding,
  findingsOf,
  kindsOf,
  reported,
  reportFinding,
  runOverdue,
  workOn,
  type FindingAnswer,
} from '../support/findings.ts';
import { scan, statusOf, WAY } from '../support/goods.ts';
import { handOut } from '../support/handovers.ts';
import { ledgerFaults } from '../support/ledger-faults.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';

const MEI = '+8613800138000';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork({ counter: { visits: 60 } }) });
});
afterAll(() => service.stop());

async function withPicture(tag: string, id: string): Promise<{ readonly message: object }> {
  const finding = await reportFinding(service, { tag, mediaIds: [id] });
  const [event] = await service.rows<{ details: object }>(
    `SELECT details FROM event WHERE details->>'findingId' = $1`,
    [finding.id],
  );
  return { message: event!.details };
}

describe('reportFinding', () => {
  it('plans for either answer, asks the customer, and stops the work on the pair', async () => {
    const { order, tag } = await atWork(service);
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
    expect(await workOn(service, tag)).toHaveLength(1);
    const started = { tag, kind: 'WORK_STARTED', placeCode: 'W', at: 'Tue 09:31' };
    const [answer] = await scan(service, [started]);
    expect(answer!.discrepancies).toEqual(['WORK_BEFORE_DECISION']);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('shows findings with each of many orders', async () => {
    const { order, finding } = await reported(service);
    const { myOrders } = await service.data<{
      myOrders: { id: string; findings: FindingAnswer[] }[];
    }>(`{ myOrders(first: 50) { id findings { id } } }`, {}, service.tokens.customer(MEI));
    const found = myOrders.find(({ id }) => id === order.id);
    expect(found!.findings).toEqual([{ id: finding.id }]);
  });

  it('answers the same request again as before', async () => {
    const { tag } = await atWork(service);
    const input = { tag, requestKey: newKey() };
    const first = await reportFinding(service, input);
    expect(await reportFinding(service, input)).toEqual(first);
    expect(await reportFinding(service, { ...input, priceMinor: 1 })).toMatchObject({
      code: 'REQUEST_KEY_REUSED',
    });
  });

  it('is answered as the first time, whatever came of it since', async () => {
    const { tag } = await atWork(service);
    const input = { tag, requestKey: newKey() };
    const first = await reportFinding(service, input);
    const findingId = first.id;
    const question = {
      findingId,
      decision: 'ASK',
      question: 'Why?',
      requestKey: newKey(),
    } as const;
    const asked = await decideFinding(service, question);
    service.clock.set(service.clock.now() + 60_000);
    await decideFinding(service, { ...question, question: 'How long?', requestKey: newKey() });
    await decideFinding(service, { findingId, decision: 'APPROVE' });
    expect(await reportFinding(service, input)).toEqual(first);
    expect(await decideFinding(service, question)).toEqual(asked);
    expect(asked).toMatchObject({ state: 'OPEN', question: 'Why?' });
  });

  it('refuses what the order is not paid in, and what is being asked already', async () => {
    const { order, tag } = await atWork(service);
    expect(await reportFinding(service, { tag, currency: 'USD' })).toMatchObject({
      __typename: 'FindingNotReportable',
      code: 'OTHER_CURRENCY',
    });
    const both = await Promise.all([1, 2].map(() => reportFinding(service, { tag })));
    const typenames = both.map(({ __typename }) => __typename).sort();
    expect(typenames).toEqual(['Finding', 'FindingNotReportable']);
    const again = { tag, explanation: 'In other words.' };
    expect(await reportFinding(service, again)).toMatchObject({ code: 'ALREADY_REPORTED' });
    const dearer = await reportFinding(service, { tag, priceMinor: 13_000 });
    const other = await reportFinding(service, { tag, operations: [{ skill: 'clean', units: 1 }] });
    expect([dearer, other]).toMatchObject([{ state: 'OPEN' }, { state: 'OPEN' }]);
    const { id: findingId } = both.find(({ __typename }) => __typename === 'Finding')!;
    await decideFinding(service, { findingId, decision: 'DECLINE' });
    expect(await reportFinding(service, { tag })).toMatchObject({ state: 'OPEN' });
    expect(await findingsOf(service, order.id)).toHaveLength(4);
  });

  it('keeps a picture with it, for the customer and for the message', async () => {
    const { tag, order } = await atWork(service);
    const more = { orderId: order.id, purpose: 'FINDING' };
    const { id } = await upload(service, await aJpeg(), more);
    const { message } = await withPicture(tag, id);
    expect(message).toMatchObject({ photoUrl: expect.stringContaining(`/media/${id}/`) });
    expect(await findingsOf(service, order.id, service.tokens.customer(MEI))).toMatchObject([
      { photos: [{ id }] },
    ]);
  });

  it('says when there would be no way', async () => {
    const { tag } = await atWork(service);
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
    const { tag, order } = await atWork(service);
    expect(await reportFinding(service, { tag, ...input })).toMatchObject({ code });
    expect(await findingsOf(service, order.id)).toEqual([]);
  });

  it('is for staff of the workshop', async () => {
    const { tag, order } = await atWork(service);
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
    const { order, tag, finding } = await reported(service);
    const findingId = finding.id;
    const approve = { findingId, decision: 'APPROVE', requestKey: newKey() } as const;
    const decided = await decideFinding(service, approve, service.tokens.customer(MEI));
    expect(decided).toMatchObject({ state: 'APPROVED', decidedAs: 'CUSTOMER' });
    expect(await decideFinding(service, approve, service.tokens.customer(MEI))).toEqual(decided);
    expect(await workOn(service, tag)).toEqual([
      { position: 1, skill: 'clean', origin: 'SERVICE', finding_id: null },
      { position: 2, skill: 'sole', origin: 'FINDING', finding_id: findingId },
    ]);
    expect(await service.rows(`SELECT cause FROM replan WHERE order_id = $1`, [order.id])).toEqual([
      { cause: 'FINDING' },
    ]);
    const messages = await service.rows(
      `SELECT state, reason FROM message WHERE order_id = $1 AND kind = 'FINDING'`,
      [order.id],
    );
    expect(messages).toEqual([{ state: 'WITHDRAWN', reason: 'NO_LONGER_TRUE' }]);
    expect((await kindsOf(service, order.id)).slice(-2)).toEqual([
      'FINDING_REPORTED',
      'FINDING_DECIDED',
    ]);
    for (const decision of ['APPROVE', 'DECLINE'] as const) {
      expect(await decideFinding(service, { findingId, decision })).toMatchObject({
        code: 'ALREADY_DECIDED',
        state: 'APPROVED',
      });
    }
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('leaves the work as it was when it is declined, by staff for the customer', async () => {
    const { tag, finding } = await reported(service);
    const decline = { findingId: finding.id, decision: 'DECLINE' } as const;
    expect(await decideFinding(service, decline, service.tokens.staff('B'))).toMatchObject({
      state: 'DECLINED',
      decidedAs: 'STAFF',
    });
    expect(await workOn(service, tag)).toHaveLength(1);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it.each([
    { decision: 'DECLINE', kinds: ['FINDING_DECIDED', 'READY'], status: 'READY' },
    { decision: 'APPROVE', kinds: ['FINDING_DECIDED'], status: 'IN_TRANSIT' },
  ] as const)('keeps goods from being ready until it is taken: $decision', async (one) => {
    const { order, tag, finding } = await reported(service);
    const after = WAY.slice(2).map((step) => ({ ...step, tag }));
    service.clock.set(at('Tue 20:30'));
    await scan(service, after);
    expect(await statusOf(service, order.id)).toBe('IN_TRANSIT');
    const out = { orderId: order.id, storeCode: 'B', tags: [tag] };
    expect(await handOut(service, out)).toMatchObject({ problems: [{ tag, code: 'NOT_DECIDED' }] });
    const { decision, kinds, status } = one;
    await decideFinding(service, { findingId: finding.id, decision });
    expect(await statusOf(service, order.id)).toBe(status);
    expect((await kindsOf(service, order.id)).slice(-kinds.length)).toEqual(kinds);
    const messages = await service.rows(
      `SELECT kind FROM message WHERE order_id = $1 AND kind = 'READY'`,
      [order.id],
    );
    expect(messages).toHaveLength(status === 'READY' ? 1 : 0);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('gives a question to staff, and no more time', async () => {
    const { order, finding } = await reported(service);
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
    expect(await kindsOf(service, order.id)).toContain('FINDING_ASKED');
    const approve = { findingId: finding.id, decision: 'APPROVE' } as const;
    expect(await decideFinding(service, approve)).toMatchObject({ state: 'APPROVED' });
  });

  it('counts at the very end of the time, and not after it', async () => {
    const { finding } = await reported(service);
    const approve = { findingId: finding.id, decision: 'APPROVE' } as const;
    service.clock.set(at('Wed 09:30') + 1);
    expect(await decideFinding(service, approve)).toMatchObject({
      code: 'TOO_LATE',
      decideBy: finding.decideBy,
    });
    service.clock.set(at('Wed 09:30'));
    await runOverdue(service);
    expect(await decideFinding(service, approve)).toMatchObject({ state: 'APPROVED' });
  });

  it('is for the customer of the order and for staff of its stores', async () => {
    const { finding } = await reported(service);
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
