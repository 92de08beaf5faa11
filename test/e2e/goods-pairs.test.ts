import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ROOMY, WAY, readPair, replans, scan, statusOf, takenIn } from '../support/goods.ts';
import { handOut } from '../support/handovers.ts';
import { checkInvariants } from '../support/invariants.ts';
import { startService, type TestService } from '../support/service.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { at } from '../support/worked-network.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService({ network: ROOMY });
});

afterAll(async () => {
  expect(await checkInvariants(service.db, await storedNetwork(service.db))).toEqual([]);
  await service.stop();
});

describe('pair', () => {
  it('is shown to those who have to do with it', async () => {
    const { tags } = await takenIn(service);
    const see = (...stores: string[]) =>
      readPair(service, tags[0]!, service.tokens.staff(...stores));
    expect(await see('A')).not.toBeNull();
    expect(await see('B')).not.toBeNull();
    expect(await see('W')).toBeNull();
    service.clock.set(at('Mon 14:00'));
    await scan(service, [{ ...WAY[0]!, tag: tags[0]! }]);
    expect(await see('W')).not.toBeNull();
    expect(await see('C')).toBeNull();
  });
});

describe('rework', () => {
  const rework = async (input: object, token = service.tokens.hq) => {
    const { rework: answer } = await service.data<{ rework: ReworkAnswer }>(
      `mutation ($input: ReworkInput!) { rework(input: $input) {
         __typename ... on Pair { operations { position skill origin finishedAt } }
         ... on Refusal { code } } }`,
      { input },
      token,
    );
    return answer;
  };

  interface ReworkAnswer {
    readonly __typename: string;
    readonly code?: string;
    readonly operations?: readonly { position: number; skill: string; origin: string }[];
  }

  it('adds a new pass, once, and has the promise planned again', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Tue 17:10'));
    await scan(
      service,
      WAY.slice(0, 4).map((step) => ({ ...step, tag: tags[0]! })),
    );
    const input = { requestKey: `again-${tags[0]}`, tag: tags[0], placeCode: 'W', positions: [1] };
    const first = await rework(input);
    expect(first.operations).toMatchObject([
      { position: 1, skill: 'clean', origin: 'SERVICE' },
      { position: 2, skill: 'clean', origin: 'REWORK', finishedAt: null },
    ]);
    expect((await replans(service))[order.id]).toBe('REWORK');
    expect(await rework(input)).toEqual(first);
    expect(await rework({ ...input, placeCode: 'B' })).toMatchObject({
      code: 'REQUEST_KEY_REUSED',
    });
    expect(await rework({ ...input, positions: [2] })).toMatchObject({
      code: 'REQUEST_KEY_REUSED',
    });
    const other = { ...input, requestKey: `other-${tags[0]}` };
    expect(await rework({ ...other, positions: [2] })).toMatchObject({ code: 'NOT_FINISHED' });
    expect(await rework({ ...other, tag: 'NO-SUCH' })).toMatchObject({ code: 'UNKNOWN_TAG' });
    expect(await rework(other, service.tokens.staff('A'))).toMatchObject({
      code: 'NOT_YOUR_PLACE',
    });
    expect(await rework({ ...other, tag: 'NO-SUCH' }, service.tokens.staff('A'))).toMatchObject({
      code: 'NOT_YOUR_PLACE',
    });
    // The pair is not ready before that is done, though it is at its pick-up store.
    service.clock.set(at('Tue 21:00'));
    await scan(
      service,
      WAY.slice(4).map((step) => ({ ...step, tag: tags[0]! })),
    );
    expect(await statusOf(service, order.id)).toBe('IN_TRANSIT');
  });

  it('keeps nothing of a pair that its customer has', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Tue 21:00'));
    await scan(
      service,
      WAY.map((step) => ({ ...step, tag: tags[0]! })),
    );
    expect((await handOut(service, { orderId: order.id, tags })).__typename).toBe('HandedOut');
    const input = { requestKey: `late-${tags[0]}`, tag: tags[0], placeCode: 'B', positions: [1] };
    expect(await rework(input)).toMatchObject({ code: 'HANDED_OUT' });
    const kept = await service.rows(
      `SELECT s.kind FROM scan s JOIN pair p ON p.id = s.pair_id WHERE p.tag = $1 AND s.kind = 'REWORK'`,
      [tags[0]],
    );
    expect(kept).toEqual([]);
    expect(await rework(input)).toMatchObject({ code: 'HANDED_OUT' });
  });
});

describe('strayPairs', () => {
  interface Strays {
    readonly pairs: readonly {
      readonly pair: { readonly tag: string };
      readonly deviation: string;
      readonly expectedCode: string;
      readonly expectedLineCode: string | null;
    }[];
    readonly next: string | null;
  }

  const strays = async (args: string, token = service.tokens.hq): Promise<Strays> => {
    const query = `{ strayPairs(${args}) {
      pairs { pair { tag } deviation expectedCode expectedLineCode } next } }`;
    return (await service.data<{ strayPairs: Strays }>(query, {}, token)).strayPairs;
  };

  it('finds those that are not where the plan wants them', async () => {
    const { tags } = await takenIn(service, { pairs: 3 });
    const [late, right, missing] = tags as [string, string, string];
    service.clock.set(at('Mon 14:20'));
    await scan(service, [
      { ...WAY[0]!, tag: right },
      { kind: 'REPORTED_MISSING', placeCode: 'A', at: 'Mon 14:00', tag: missing },
    ]);
    const found = async (args: string, token = service.tokens.hq) =>
      (await strays(args, token)).pairs
        .filter(({ pair }) => tags.includes(pair.tag))
        .map(({ pair, ...rest }) => ({ tag: pair.tag, ...rest }));
    const riding = { expectedCode: 'W', expectedLineCode: 'A-W' };
    const both = [
      { tag: late, deviation: 'ELSEWHERE', ...riding },
      { tag: missing, deviation: 'MISSING', ...riding },
    ];
    const byTag = (a: { tag: string }, b: { tag: string }) => (a.tag < b.tag ? -1 : 1);
    expect((await found('first: 100')).sort(byTag)).toEqual(both.sort(byTag));
    expect(await found('placeCode: "A", first: 100', service.tokens.staff('A'))).toHaveLength(2);
    expect(await found('placeCode: "B", first: 100')).toEqual([]);
  });

  it('goes on where a page ended', async () => {
    const all = await strays('first: 100');
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: Strays = await strays(`first: 1${next === null ? '' : `, after: "${next}"`}`);
      seen.push(...page.pairs.map(({ pair }) => pair.tag));
      next = page.next;
    } while (next !== null);
    expect(seen).toEqual(all.pairs.map(({ pair }) => pair.tag));
  });

  it.each(['placeCode: "B"', 'first: 5'])('is not for staff of elsewhere: %s', async (args) => {
    const { errors } = await service.ask(
      `{ strayPairs(${args}) { next } }`,
      {},
      service.tokens.staff('A'),
    );
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
