import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readOrder } from '../support/bookings.ts';
import { ROOMY, WAY, aTrip, readPair, replans, scan, statusOf, takenIn } from '../support/goods.ts';
import { checkInvariants } from '../support/invariants.ts';
import { startService, type TestService } from '../support/service.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { at, when } from '../support/worked-network.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService({ network: ROOMY });
});

afterAll(async () => {
  expect(await checkInvariants(service.db, await storedNetwork(service.db))).toEqual([]);
  await service.stop();
});

describe('scan', () => {
  it('takes a pair along its way: the order follows, and the customer hears of it', async () => {
    const { order, tags } = await takenIn(service);
    const seen: string[] = [];
    for (const step of WAY) {
      service.clock.set(at(step.at));
      const [answer] = await scan(service, [{ ...step, tag: tags[0]! }]);
      expect(answer).toMatchObject({ outcome: 'APPLIED', discrepancies: [] });
      seen.push(await statusOf(service, order.id));
    }
    expect(seen).toEqual([
      'IN_TRANSIT',
      'IN_CARE',
      'IN_CARE',
      'IN_CARE',
      'IN_TRANSIT',
      'READY',
      'READY',
    ]);
    const pair = (await readPair(service, tags[0]!))!;
    expect(pair).toMatchObject({ place: { kind: 'STORE', code: 'B' }, shelf: 'R2-14' });
    expect(pair.operations).toMatchObject([
      {
        skill: 'clean',
        startedAt: when('Tue 09:30'),
        finishedAt: when('Tue 17:00'),
        workshopCode: 'W',
        shiftStart: when('Tue 09:00'),
      },
    ]);
    expect(pair.scans.map(({ kind }) => kind)).toEqual([
      'RECEIVED',
      ...WAY.map(({ kind }) => kind),
    ]);
    const kinds = await service.rows<{ kind: string }>(
      `SELECT kind FROM event WHERE order_id = $1 ORDER BY version`,
      [order.id],
    );
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'BOOKED',
      'RECEIVED',
      'TRAVELLED',
      'TRAVELLED',
      'PROGRESSED',
      'TRAVELLED',
      'READY',
    ]);
    expect(await replans(service)).toEqual({});
  });

  it('takes the same from a scanner that was offline: all at once, out of order and twice', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Wed 09:00'));
    const late = [...WAY]
      .reverse()
      .map((step, n) => ({ ...step, tag: tags[0]!, id: `offline-${n}` }));
    const [some, rest] = [late.slice(0, 4), late.slice(2)];
    for (const answer of await scan(service, some)) expect(answer.outcome).toBe('APPLIED');
    const answers = await scan(service, rest);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      ...['REPEATED', 'REPEATED'],
      ...['APPLIED', 'APPLIED', 'APPLIED'],
    ]);
    expect(answers.flatMap(({ discrepancies }) => discrepancies)).toEqual([]);
    const pair = (await readPair(service, tags[0]!))!;
    expect(pair).toMatchObject({ place: { kind: 'STORE', code: 'B' }, shelf: 'R2-14' });
    expect(pair.scans.flatMap(({ discrepancies }) => discrepancies)).toEqual([]);
    expect(await statusOf(service, order.id)).toBe('READY');
  });

  it('changes an order once for a batch, whatever befalls its pairs', async () => {
    const { order, tags } = await takenIn(service, { pairs: 3 });
    const { version } = (await readOrder(service, order.id))!;
    service.clock.set(at('Mon 15:10'));
    await scan(
      service,
      WAY.slice(0, 2).flatMap((step) => tags.map((tag) => ({ ...step, tag }))),
    );
    const after = (await readOrder(service, order.id))!;
    expect([after.status, after.version]).toEqual(['IN_CARE', version + 1]);
  });

  it('keeps an order from being ready while a pair is missing', async () => {
    const { order, tags } = await takenIn(service, { pairs: 2 });
    service.clock.set(at('Tue 21:00'));
    const all = tags.flatMap((tag) => WAY.map((step) => ({ ...step, tag })));
    const lost = { kind: 'REPORTED_MISSING', placeCode: 'B', at: 'Tue 20:40', tag: tags[1]! };
    await scan(service, [...all, lost]);
    expect(await statusOf(service, order.id)).toBe('IN_TRANSIT');
    expect((await replans(service))[order.id]).toBe('DISCREPANCY');
    await scan(service, [{ ...lost, kind: 'FOUND', at: 'Tue 20:50' }]);
    expect(await statusOf(service, order.id)).toBe('READY');
  });

  it('tells the customer of each stage of care once, and that the goods are ready', async () => {
    const { order, tags } = await takenIn(service, { pairs: 2 });
    for (const step of WAY) {
      for (const tag of tags) {
        service.clock.set(at(step.at));
        await scan(service, [{ ...step, tag }]);
      }
    }
    const owed = await service.rows<{ kind: string; n: number }>(
      `SELECT kind, count(*)::int AS n FROM message
        WHERE order_id = $1 AND kind IN ('PROGRESS', 'READY') GROUP BY kind ORDER BY kind`,
      [order.id],
    );
    expect(owed).toEqual([
      { kind: 'PROGRESS', n: 1 },
      { kind: 'READY', n: 1 },
    ]);
    const [told] = await service.rows<{ details: object }>(
      `SELECT details FROM event WHERE order_id = $1 AND kind = 'PROGRESSED'`,
      [order.id],
    );
    expect(told!.details).toEqual({ stage: 'basic-clean', items: [0] });
  });

  it('believes a scan that does not fit, says so, and has the order planned again', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Mon 15:00'));
    const [answer] = await scan(service, [
      { kind: 'ARRIVED', placeCode: 'B', at: 'Mon 14:50', tag: tags[0]! },
    ]);
    expect(answer).toMatchObject({ outcome: 'APPLIED', discrepancies: ['NOT_SCANNED'] });
    expect((await readPair(service, tags[0]!))!.place).toMatchObject({ kind: 'STORE', code: 'B' });
    expect((await replans(service))[order.id]).toBe('DISCREPANCY');
    // The van that it really came with was offline.
    const [onVan, offVan] = WAY.slice(4, 6);
    await scan(service, [
      {
        ...onVan!,
        placeCode: 'A',
        toCode: 'W',
        trip: aTrip('A-W', 'Mon 14:00'),
        at: 'Mon 13:55',
        tag: tags[0]!,
      },
      { ...offVan!, trip: aTrip('A-W', 'Mon 14:00'), at: 'Mon 14:40', tag: tags[0]! },
    ]);
    const { scans } = (await readPair(service, tags[0]!))!;
    expect(scans.map(({ kind, discrepancies }) => [kind, ...discrepancies])).toEqual([
      ['RECEIVED'],
      ['LOADED'],
      ['UNLOADED', 'ARRIVED_ELSEWHERE'],
      ['ARRIVED'],
    ]);
  });

  it.each([
    { name: 'an id that is too short', change: { id: 'short' }, path: 'input.scans[0].id' },
    { name: 'no trip of a van', change: { trip: null }, path: 'input.scans[0].trip' },
    { name: 'a trip of no van', change: { kind: 'ARRIVED' }, path: 'input.scans[0].trip' },
    { name: 'a shelf of no put-away', change: { shelf: 'R1' }, path: 'input.scans[0].shelf' },
    { name: 'a skill of no work', change: { skill: 'clean' }, path: 'input.scans[0].skill' },
    {
      name: 'a kind that has its own operation',
      change: { kind: 'HANDED_OUT' },
      path: 'input.scans[0].kind',
    },
    {
      name: 'a picture without an id',
      change: { photos: [{ mediaId: 'x', stage: 'AFTER' }] },
      path: 'input.scans[0].photos[0].mediaId',
    },
  ])('refuses the form of $name', async ({ change, path }) => {
    const trip = { lineCode: 'A-W', departs: when('Mon 14:00') };
    const given = {
      id: 'a-good-id',
      tag: 'T',
      kind: 'LOADED',
      placeCode: 'A',
      at: when('Mon 13:00'),
      trip,
    };
    const { errors } = await service.ask(
      `mutation ($s: ScanInput!) { scan(input: { scans: [$s] }) { results { outcome } } }`,
      { s: { ...given, ...change } },
      service.tokens.hq,
    );
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: path });
  });
});
