import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';

import { Goods } from '../../src/features/goods/index.ts';
import { ROOMY, WAY, aTrip, readPair, scan, takenIn } from '../support/goods.ts';
import { checkInvariants } from '../support/invariants.ts';
import { startService, type TestService } from '../support/service.ts';
import { aJpeg, aPng } from '../media/made/pictures.ts';
import { upload } from '../media/uploading.ts';
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

/** Before the moment that the clock shows. */
const daysBefore = (days: number, ms: number): string =>
  new Date(service.clock.now() - days * 86_400_000 - ms).toISOString();

describe('scan', () => {
  it('answers for each scan, and loses none because of another', async () => {
    const { tags } = await takenIn(service);
    service.clock.set(at('Mon 14:00'));
    const staff = service.tokens.staff('A');
    const good = { ...WAY[0]!, tag: tags[0]!, id: 'good-scan-1' };
    await scan(service, [{ ...good, id: 'came-before', kind: 'ARRIVED', trip: undefined }]);
    const answers = await scan(
      service,
      [
        { ...good, id: 'unknown-tag', tag: 'NO-SUCH' },
        { ...good, id: 'unknown-place', placeCode: 'X' },
        { ...good, id: 'not-my-place', placeCode: 'W', trip: aTrip('W-B', 'Mon 18:30') },
        { ...good, id: 'no-such-trip', trip: aTrip('A-W', 'Mon 14:01') },
        { ...good, id: 'end-of-time', trip: { lineCode: 'A-W', departs: '9999-12-31T23:59:59Z' } },
        { ...good, id: 'wrong-stop', toCode: 'B' },
        { ...good, id: 'no-workshop', kind: 'WORK_STARTED', trip: undefined },
        { ...good, id: 'came-before' },
        { ...good, id: 'reset-clock', at: '1970-01-01T00:00:07Z' },
        { ...good, id: 'a-month-ago', at: daysBefore(30, 1) },
        { ...good, id: 'just-in-time', at: daysBefore(30, 0), kind: 'ARRIVED', trip: undefined },
        good,
        good,
      ],
      staff,
    );
    expect(answers.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['unknown-tag', 'UNKNOWN_TAG'],
      ['unknown-place', 'UNKNOWN_PLACE'],
      ['not-my-place', 'NOT_YOUR_PLACE'],
      ['no-such-trip', 'UNKNOWN_TRIP'],
      ['end-of-time', 'UNKNOWN_TRIP'],
      ['wrong-stop', 'UNKNOWN_TRIP'],
      ['no-workshop', 'WRONG_KIND_OF_PLACE'],
      ['came-before', 'ID_REUSED'],
      ['reset-clock', 'TOO_OLD'],
      ['a-month-ago', 'TOO_OLD'],
      ['just-in-time', 'APPLIED'],
      ['good-scan-1', 'APPLIED'],
      ['good-scan-1', 'REPEATED'],
    ]);
    expect((await readPair(service, tags[0]!))!.place).toMatchObject({ kind: 'TRIP', code: 'W' });
  });

  it.each(['received', 'handed-out'])('refuses the id %s, which the counter writes', async (id) => {
    const { tags } = await takenIn(service);
    const step = { kind: 'ARRIVED', placeCode: 'A', at: 'Mon 10:30', id, tag: tags[0]! };
    await expect(scan(service, [step])).rejects.toThrow('This id is taken.');
  });

  it('takes nothing of a scanner that counts like another one', async () => {
    const [one, other] = [await takenIn(service), await takenIn(service)];
    const step = { kind: 'ARRIVED', placeCode: 'A', at: 'Mon 10:30', id: 'scan-0001' };
    const answers = await scan(service, [
      { ...step, tag: one.tags[0]! },
      { ...step, tag: other.tags[0]! },
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['APPLIED', 'APPLIED']);
  });

  it('counts a time that is still ahead as the time when the scan came', async () => {
    const { tags } = await takenIn(service);
    service.clock.set(at('Mon 13:55'));
    await scan(service, [{ ...WAY[0]!, at: 'Mon 18:00', tag: tags[0]! }]);
    expect((await readPair(service, tags[0]!))!.since).toBe(when('Mon 13:55'));
  });

  it('shows pictures of the work to the customer, in their message and with their order', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Tue 17:10'));
    const workshop = service.tokens.staff('W');
    const picture = { purpose: 'PROGRESS' };
    const before = await upload(service, await aJpeg(), picture, workshop);
    const foreign = await upload(service, await aPng(), {
      ...picture,
      filename: 'a.png',
      mime: 'image/png',
    });
    const [started, finished] = [WAY[2]!, WAY[3]!].map((step) => ({ ...step, tag: tags[0]! }));
    const answers = await scan(
      service,
      [
        {
          ...started!,
          photos: [
            { mediaId: foreign.id, stage: 'DETAIL' },
            { mediaId: before.id, stage: 'BEFORE', caption: 'As it came' },
          ],
        },
        finished!,
      ],
      workshop,
    );
    expect(answers.map(({ refusedMediaIds }) => refusedMediaIds)).toEqual([[foreign.id], []]);
    const query = `query ($id: ID!) { order(id: $id) {
      milestones { stage caption at item number media { id url(variant: SMALL) } } } }`;
    const shown = await service.data<{ order: { milestones: readonly object[] } }>(
      query,
      { id: order.id },
      service.tokens.customer('mei.lin@example.com'),
    );
    expect(shown.order.milestones).toEqual([
      {
        stage: 'BEFORE',
        caption: 'As it came',
        at: when('Tue 09:30'),
        item: 1,
        number: 1,
        media: { id: before.id, url: expect.stringContaining(before.id) },
      },
    ]);
    const [told] = await service.rows<{ details: { photoUrl: string } }>(
      `SELECT details FROM event WHERE order_id = $1 AND kind = 'PROGRESSED'`,
      [order.id],
    );
    expect(told!.details.photoUrl).toContain(before.id);
  });

  it('leaves out pictures that are not there, and keeps the scan', async () => {
    const { tags } = await takenIn(service);
    const mediaId = '0198a000-0000-7000-8000-000000000001';
    const [answer] = await scan(service, [
      {
        kind: 'ARRIVED',
        placeCode: 'A',
        at: 'Mon 10:30',
        tag: tags[0]!,
        photos: [{ mediaId, stage: 'BEFORE' }],
      },
    ]);
    expect(answer).toMatchObject({ outcome: 'APPLIED', refusedMediaIds: [mediaId] });
    expect((await readPair(service, tags[0]!))!.photos).toEqual([]);
  });

  it('leaves what was handed out with the customer', async () => {
    const { tags } = await takenIn(service);
    const goods = service.app.get(Goods, { strict: false });
    const { id } = (await readPair(service, tags[0]!))!;
    const handing = { pairIds: [id], storeCode: 'A', at: at('Mon 10:30'), actor: 'staff' };
    await service.app
      .get(DataSource, { strict: false })
      .transaction((tx) => goods.handOut(tx, handing));
    service.clock.set(at('Mon 14:00'));
    const [answer] = await scan(service, [{ ...WAY[0]!, tag: tags[0]! }]);
    expect(answer).toMatchObject({
      outcome: 'APPLIED',
      discrepancies: ['SCANNED_AFTER_HAND_OUT'],
    });
    expect((await readPair(service, tags[0]!))!.place).toMatchObject({
      kind: 'CUSTOMER',
      code: 'A',
    });
  });

  it('is for staff', async () => {
    const { errors } = await service.ask(
      `mutation { scan(input: { scans: [] }) { results { outcome } } }`,
      {},
      service.tokens.customer('mei.lin@example.com'),
    );
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
