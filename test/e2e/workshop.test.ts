import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';

import { readPair, scan, takenIn, WAY } from '../support/goods.ts';
import { checkInvariants } from '../support/invariants.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;

beforeAll(async () => {
  const network = workedNetwork({ counter: { visits: 100 }, b: { shelfPairs: 40 } });
  const polish = {
    code: 'polish',
    name: 'Polish',
    priceMinor: 5_000,
    currency: 'CNY',
    operations: [
      { skill: 'clean', units: 1, dwellMinutes: 30 },
      { skill: 'sole', units: 1, dwellMinutes: 60 },
    ],
  };
  service = await startService({
    network: { ...network, services: [...network.services!, polish] },
  });
});

afterEach(async () => {
  expect(await checkInvariants(service.db, await storedNetwork(service.db))).toEqual([]);
});

afterAll(() => service.stop());

interface WorkItem {
  readonly pair: { readonly tag: string };
  readonly skill: string;
  readonly isHere: boolean;
  readonly isNext: boolean;
  readonly startedAt: string | null;
  readonly dueAt: string;
  readonly slackMinutes: number;
}

async function workList(args = '', token: Token = service.tokens.hq): Promise<readonly WorkItem[]> {
  const query = `{ workList(workshopCode: "W"${args}) {
    pair { tag } position skill units isHere isNext startedAt dueAt slackMinutes } }`;
  return (await service.data<{ workList: WorkItem[] }>(query, {}, token)).workList;
}

const listed = async (tags: readonly string[], args = ''): Promise<readonly string[]> =>
  (await workList(args)).map(({ pair }) => pair.tag).filter((tag) => tags.includes(tag));

const toWorkshop = (tag: string) => WAY.slice(0, 2).map((step) => ({ ...step, tag }));

describe('workList', () => {
  it('says what is to be done, the most urgent first', async () => {
    const easy = await takenIn(service, { pickUp: 'B Thu 12:00' });
    const tight = await takenIn(service);
    const long = await takenIn(service, { service: 'resole', pickUp: 'B Fri 20:30' });
    const tags = [...easy.tags, ...tight.tags, ...long.tags];
    service.clock.set(at('Mon 15:10'));
    await scan(service, tags.flatMap(toWorkshop));
    expect(await listed(tags)).toEqual([tight.tags[0], easy.tags[0], long.tags[0]]);
    // The van leaves at 18:30, and takes what is there half an hour before.
    const [first] = (await workList()).filter(({ pair }) => pair.tag === tight.tags[0]);
    expect(first).toMatchObject({
      skill: 'clean',
      isHere: true,
      isNext: true,
      startedAt: null,
      dueAt: when('Tue 18:00'),
      slackMinutes: 0,
    });
    expect(await listed(tags, ', skill: "sole"')).toEqual([long.tags[0]]);
    expect(await listed(tags, `, shiftStart: "${when('Tue 09:00')}"`)).toEqual([
      tight.tags[0],
      easy.tags[0],
      long.tags[0],
    ]);
    expect(await listed(tags, `, shiftStart: "${when('Mon 09:00')}"`)).toEqual([]);
    expect(await listed(tags, ', first: 1')).toHaveLength(1);
  });

  it('has what is on its way, and nothing that is done or lost', async () => {
    const { tags } = await takenIn(service, { pairs: 3 });
    const [coming, done, lost] = tags as [string, string, string];
    service.clock.set(at('Tue 17:05'));
    await scan(service, [
      ...WAY.slice(0, 4).map((step) => ({ ...step, tag: done })),
      { kind: 'REPORTED_MISSING', placeCode: 'A', at: 'Mon 13:00', tag: lost },
    ]);
    expect(await listed(tags)).toEqual([coming]);
    const [item] = (await workList()).filter(({ pair }) => pair.tag === coming);
    expect(item!.isHere).toBe(false);
  });

  it('leads through operations in their order', async () => {
    const { tags } = await takenIn(service, { service: 'polish', pickUp: 'B Thu 12:00' });
    service.clock.set(at('Tue 10:00'));
    await scan(service, tags.flatMap(toWorkshop));
    const own = async (args = '') =>
      (await workList(args)).filter(({ pair }) => pair.tag === tags[0]);
    expect(await own()).toMatchObject([{ skill: 'clean', isNext: true, dueAt: when('Wed 12:00') }]);
    expect(await own(', skill: "sole"')).toMatchObject([
      { skill: 'sole', isNext: false, dueAt: when('Wed 18:00') },
    ]);
    await scan(service, [
      { ...WAY[2]!, tag: tags[0]!, at: 'Tue 09:30' },
      { ...WAY[3]!, tag: tags[0]!, at: 'Tue 10:00' },
    ]);
    expect(await own()).toMatchObject([{ skill: 'sole', isNext: true }]);
  });

  it('leaves out what waits for a customer’s decision', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Mon 15:10'));
    await scan(service, tags.flatMap(toWorkshop));
    expect(await listed(tags)).toEqual(tags);
    const { id } = (await readPair(service, tags[0]!))!;
    const finding = randomUUID();
    await service.rows(
      `INSERT INTO finding (id, order_id, pair_id, workshop_code, state, explanation, price_minor, currency,
         operations, media_ids, order_version, reported_at, reported_by, decide_by)
       VALUES ($1, $2, $3, 'W', 'OPEN', 'a hole', 100, 'CNY', '[]', '{}', 99, $4, 'staff', $4)`,
      [finding, order.id, id, new Date(at('Mon 15:10'))],
    );
    expect(await listed(tags)).toEqual([]);
    service.clock.set(at('Tue 09:40'));
    const [answer] = await scan(service, [{ ...WAY[2]!, tag: tags[0]! }]);
    expect(answer!.discrepancies).toEqual(['WORK_BEFORE_DECISION']);
    await service.rows(`DELETE FROM finding WHERE id = $1`, [finding]);
  });

  it('is for those who work there', async () => {
    expect(await workList('', service.tokens.staff('W'))).toBeDefined();
    const { errors } = await service.ask(
      `{ workList(workshopCode: "W") { skill } }`,
      {},
      service.tokens.staff('A', 'B'),
    );
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('shelf', () => {
  interface ShelfAnswer {
    readonly capacity: number | null;
    readonly days: readonly { date: string; reserved: number; overdue: number; excess: number }[];
    readonly pairs: readonly { tag: string; shelf: string | null }[];
  }

  const shelf = async (first = 100, after = ''): Promise<ShelfAnswer> => {
    const query = `{ shelf(storeCode: "B") { capacity days(count: 4) { date reserved overdue excess }
      pairs(first: ${first}${after}) { tag shelf } } }`;
    return (await service.data<{ shelf: ShelfAnswer }>(query, {}, service.tokens.staff('B'))).shelf;
  };

  it('shows what lies where, and how full it is with what nobody collected', async () => {
    const { tags } = await takenIn(service, { pairs: 3 });
    service.clock.set(at('Tue 20:25'));
    const positions = ['R2', 'R1', null];
    await scan(
      service,
      tags.flatMap((tag, n) =>
        WAY.slice(0, positions[n] === null ? 6 : 7).map((step) => ({
          ...step,
          tag,
          ...(step.shelf === undefined ? {} : { shelf: positions[n]! }),
        })),
      ),
    );
    const now = await shelf();
    expect(now.pairs).toEqual([
      { tag: tags[1], shelf: 'R1' },
      { tag: tags[0], shelf: 'R2' },
      { tag: tags[2], shelf: null },
    ]);
    expect(await shelf(1, `, after: "${tags[1]}"`)).toMatchObject({ pairs: [{ tag: tags[0] }] });
    expect(now.capacity).toBe(40);
    expect(now.days[0]).toMatchObject({ date: '2030-09-03', overdue: 0 });
    // Their pick-up was on Tuesday; on Wednesday nothing is reserved for them any more.
    service.clock.set(at('Wed 09:00'));
    const { days } = await shelf();
    expect(days[0]).toMatchObject({ date: '2030-09-04', overdue: 3, excess: 0 });
    await service.import({ stores: [{ ...workedNetwork().stores![1]!, shelfPairs: 2 }] });
    const [full] = (await shelf()).days;
    expect(full!.excess).toBe(full!.reserved + full!.overdue - 2);
    await service.import({
      stores: [{ ...workedNetwork({ counter: { visits: 100 } }).stores![1]!, shelfPairs: 40 }],
    });
  });

  it('is of that store’s staff', async () => {
    const { errors } = await service.ask(
      `{ shelf(storeCode: "B") { capacity } }`,
      {},
      service.tokens.staff('A', 'W'),
    );
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
