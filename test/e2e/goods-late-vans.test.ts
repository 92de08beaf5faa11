import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { apply, disruptions, lift, trip as disrupted } from '../support/disruptions.ts';
import { replans, ROOMY, scan, takenIn, WAY } from '../support/goods.ts';
import { faults, guard } from '../support/guard.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, when } from '../support/worked-network.ts';

let service: TestService;
/** A van that goes on after the workshop. */
const TOUR = {
  ...ROOMY.lines![0]!,
  code: 'TOUR',
  stops: [
    { code: 'A', minutes: 0 },
    { code: 'W', minutes: 60 },
    { code: 'B', minutes: 120 },
  ],
};
const TOUR_AT_2 = { lineCode: 'TOUR', departs: when('Mon 14:00') };

beforeAll(async () => {
  service = await startService({ network: { ...ROOMY, lines: [...ROOMY.lines!, TOUR] } });
});
afterAll(async () => {
  expect(await faults(service)).toEqual([]);
  await service.stop();
});
beforeEach(async () => {
  service.clock.set(at('Mon 08:00'));
  await service.rows(`TRUNCATE trip_call, trip_listed, replan`);
  await forgetDisruptions();
});

/** As if nobody had ever reported any. */
async function forgetDisruptions(): Promise<void> {
  await service.rows(`DELETE FROM request_key WHERE answer_id IN (SELECT id FROM disruption)`);
  await service.rows(`DELETE FROM disruption`);
  await service.import({ stores: [] });
}

/** `depart 0 Mon 14:20`, sent when the clock says so unless `sentAt` is later. */
async function call(text: string, sentAt?: string): Promise<number> {
  const [what, stop, ...time] = text.split(' ');
  service.clock.set(at(sentAt ?? time.join(' ')));
  const field = `${what}Trip`;
  const input = { ...TOUR_AT_2, stop: Number(stop), at: when(time.join(' ')) };
  const mutation = `mutation ($input: TripCallInput!) { ${field}(input: $input) {
    __typename ... on Trip { delayMinutes } } }`;
  const data = await service.data<Record<string, { delayMinutes: number }>>(
    mutation,
    { input },
    service.tokens.hq,
  );
  return data[field]!.delayMinutes;
}

const late = (delayMinutes: number) =>
  disrupted('DELAY_TRIP', 'TOUR', 'Mon 14:00', { delayMinutes });

/** When the van is to be at its stops, on the minute. */
async function plannedAt(): Promise<readonly string[]> {
  const query = `query ($lineCode: ID!, $departs: DateTime!) {
    trip(lineCode: $lineCode, departs: $departs) { stops { plannedAt } } }`;
  const data = await service.data<{ trip: { stops: { plannedAt: string }[] } }>(
    query,
    TOUR_AT_2,
    service.tokens.hq,
  );
  return data.trip.stops.map((stop) => stop.plannedAt);
}

describe('a van that calls late', () => {
  it('is as late at the stops to come, for planning and on the boards', async () => {
    expect(await call('depart 0 Mon 14:05')).toBe(0);
    expect(await disruptions(service)).toEqual([]);
    expect(await call('arrive 1 Mon 15:20')).toBe(20);
    expect(await disruptions(service)).toMatchObject([
      { kind: 'DELAY_TRIP', partCode: 'TOUR', delayMinutes: 20 },
    ]);
    expect((await plannedAt())[2]).toBe(when('Mon 16:20'));
  });

  it('is later on the board of whoever waits for what it carries', async () => {
    const { tags } = await takenIn(service);
    service.clock.set(at('Mon 13:55'));
    const name = { ...WAY[0]!.trip!, lineCode: 'TOUR' };
    await scan(service, [{ ...WAY[0]!, tag: tags[0]!, trip: name, toCode: 'B' }]);
    await call('depart 0 Mon 14:20');
    const { dayBoard } = await service.data<{ dayBoard: { arrivals: object[] } }>(
      `{ dayBoard(storeCode: "B", date: "2030-09-02") { arrivals { lineCode arrives } } }`,
      {},
      service.tokens.staff('B'),
    );
    expect(dayBoard.arrivals).toContainEqual({ lineCode: 'TOUR', arrives: when('Mon 16:20') });
  });

  it('has what it carries planned again, and again when it makes up for it', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Mon 13:55'));
    const { trip: name } = WAY[0]!;
    await scan(service, [{ ...WAY[0]!, tag: tags[0]!, trip: { ...name!, lineCode: 'TOUR' } }]);
    await guard(service);
    await call('depart 0 Mon 14:20');
    expect((await replans(service))[order.id]).toBe('TRIP_CHANGED');
    await guard(service);
    await call('arrive 1 Mon 15:02');
    expect((await replans(service))[order.id]).toBe('TRIP_CHANGED');
    expect(await disruptions(service)).toEqual([]);
  });

  it('is believed once, whenever and however often its calls are sent', async () => {
    const calls = ['depart 0 Mon 14:20', 'arrive 1 Mon 15:30', 'depart 1 Mon 15:35'];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0, 0, 1, 2],
      [1, 0, 1, 2],
    ]) {
      await forgetDisruptions();
      await service.rows(`TRUNCATE trip_call`);
      let delay = 0;
      for (const each of order) delay = await call(calls[each]!, 'Mon 18:00');
      expect(delay).toBe(35);
      expect(await disruptions(service)).toMatchObject([{ delayMinutes: 35 }]);
    }
  });

  it('gives way to what is reported after it called, until it calls again', async () => {
    await call('depart 0 Mon 14:20');
    service.clock.set(at('Mon 14:30'));
    await apply(service, late(50));
    expect((await plannedAt())[1]).toBe(when('Mon 15:50'));
    // Offline since before the report: it knew less.
    expect(await call('arrive 0 Mon 14:10', 'Mon 14:40')).toBe(50);
    expect(await call('arrive 1 Mon 15:40')).toBe(40);
    expect(await disruptions(service)).toMatchObject([{ delayMinutes: 40 }]);
  });

  it('stays as headquarters says that lifts the delay', async () => {
    await call('depart 0 Mon 14:20');
    const [delay] = await disruptions(service);
    service.clock.set(at('Mon 14:30'));
    await lift(service, delay!.id);
    expect(await call('arrive 0 Mon 14:15', 'Mon 14:40')).toBe(0);
    expect(await call('arrive 1 Mon 15:10')).toBe(10);
  });

  it('that was cancelled stays so', async () => {
    await apply(service, disrupted('CANCEL_TRIP', 'TOUR', 'Mon 14:00'));
    await call('depart 0 Mon 14:20');
    expect((await disruptions(service)).map(({ partCode }) => partCode)).toEqual(['TOUR']);
  });

  it('counts once when its calls come at the same moment', async () => {
    await Promise.all([
      call('depart 0 Mon 14:20', 'Mon 18:00'),
      call('arrive 1 Mon 15:40', 'Mon 18:00'),
    ]);
    expect(await disruptions(service)).toMatchObject([{ delayMinutes: 40 }]);
  });
});

it.each([
  { name: 'long ago', departs: when('Mon 14:00'), at: '1970-01-01T14:00:00Z' },
  { name: 'of a trip of long ago', departs: '1970-01-05T06:00:00Z', at: '1970-01-05T06:00:00Z' },
])('a call that is said to be $name is refused', async ({ departs, at: then }) => {
  service.clock.set(at('Mon 14:10'));
  const answer = await service.data<{ departTrip: object }>(
    `mutation ($input: TripCallInput!) {
       departTrip(input: $input) { __typename ... on Refusal { code } } }`,
    { input: { lineCode: 'TOUR', departs, stop: 0, at: then } },
    service.tokens.hq,
  );
  expect(answer.departTrip).toEqual({ __typename: 'TripRefused', code: 'TOO_OLD' });
  expect(await service.rows(`SELECT stop FROM trip_call`)).toEqual([]);
});

it('goods are on the list of a van though their way was planned when it was later', async () => {
  await apply(service, late(20));
  const more = { delayMinutes: 20 };
  const { id } = await apply(service, disrupted('DELAY_TRIP', 'A-W', 'Mon 14:00', more));
  const { order } = await takenIn(service);
  expect(order.promise.steps[0]).toMatchObject({ by: 'A-W', start: when('Mon 14:20') });
  await lift(service, id);
  const { trip } = await service.data<{ trip: { pairs: { pair: { orderId: string } }[] } }>(
    `{ trip(lineCode: "A-W", departs: "${when('Mon 14:00')}") { pairs { pair { orderId } } } }`,
    {},
    service.tokens.hq,
  );
  expect(trip.pairs.map(({ pair }) => pair.orderId)).toContain(order.id);
});
