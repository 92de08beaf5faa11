import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { v7 as newId } from 'uuid';

import type { GrantNeed } from '../../src/channels/channel.ts';
import { Grants, type GrantEnd, type OpenedGrant } from '../../src/features/accounts/grants.ts';
import { openPools, type Pools } from '../support/pools.ts';

const NOON = Date.UTC(2030, 8, 2, 4);
const HOUR_MS = 3_600_000;
const ONE_TIME: GrantNeed = { is: 'oneTime', templateId: 'T1' };
const WINDOW: GrantNeed = { is: 'window' };

let pools: Pools;
let people = 0;
beforeAll(async () => {
  pools = await openPools(2);
});
afterAll(() => pools.stop());

const grants = new Grants();
const somebody = (grant: GrantNeed) => ({
  channel: 'fake',
  account: 'default',
  addressKey: `person-${(people += 1)}`,
  grant,
});
type Place = ReturnType<typeof somebody>;

const open = (place: Place, parts: Partial<OpenedGrant> = {}): Promise<boolean> =>
  pools.all[0]!.transaction((tx) =>
    grants.open(tx, {
      ...{ ...place, dedupeKey: newId(), messages: 1, at: NOON, expiresAt: null },
      ...parts,
    }),
  );
const reserve = (place: Place, at = NOON + 1, pool = 0): Promise<string | null> =>
  grants.reserve(pools.all[pool]!, place, newId(), at);
const settle = (grantId: string, end: GrantEnd): Promise<void> =>
  pools.all[0]!.transaction((tx) =>
    grants.settle(tx, [{ grantId, deliveryId: newId(), end }], NOON + 2),
  );

interface State {
  /** Null, as the others, of somebody who never had any. */
  readonly free: number | null;
  readonly reserved: number | null;
  readonly history: number | null;
  readonly closed: number;
}

/** All grants of a person together; `history`: the sum of all entries. */
async function stateOf({ addressKey }: Place): Promise<State> {
  const [row] = await pools.all[0]!.query<[State]>(
    `SELECT sum(remaining - reserved)::int AS free, sum(reserved)::int AS reserved,
            (count(*) FILTER (WHERE closed_at IS NOT NULL))::int AS closed,
            (SELECT sum(delta)::int FROM grant_entry e JOIN channel_grant o ON o.id = e.grant_id
              WHERE o.address_key = $1) AS history
       FROM channel_grant WHERE address_key = $1`,
    [addressKey],
  );
  return row;
}

describe('grants', () => {
  it('for five messages are reserved five times by fifty at once, never a sixth', async () => {
    const person = somebody(ONE_TIME);
    await open(person, { messages: 3 });
    await open(person);
    await open(person);
    const got = await Promise.all(
      Array.from({ length: 50 }, (_, place) => reserve(person, NOON + 1, place % 2)),
    );
    expect(got.filter((id) => id !== null)).toHaveLength(5);
    expect(await stateOf(person)).toEqual({ free: 0, reserved: 5, history: 0, closed: 0 });
  });

  it('are opened once by one act, however often it is told', async () => {
    const person = somebody(ONE_TIME);
    const told = { dedupeKey: `act of ${person.addressKey}` };
    expect(await open(person, told)).toBe(true);
    expect(await open(person, told)).toBe(false);
    expect(await stateOf(person)).toMatchObject({ free: 1, history: 1 });
  });

  it('that end first are used first, and those that are over not at all', async () => {
    const person = somebody(ONE_TIME);
    await open(person, { expiresAt: null });
    await open(person, { expiresAt: NOON + 2 * HOUR_MS });
    await open(person, { expiresAt: NOON + HOUR_MS });
    const endOf = async (id: string | null) => {
      const rows = await pools.all[0]!.query<{ expires_at: Date | null }[]>(
        'SELECT expires_at FROM channel_grant WHERE id = $1',
        [id],
      );
      return rows[0]?.expires_at?.getTime() ?? null;
    };
    expect(await endOf(await reserve(person))).toBe(NOON + HOUR_MS);
    expect(await endOf(await reserve(person, NOON + 2 * HOUR_MS))).toBeNull();
    expect(await reserve(person, NOON + 2 * HOUR_MS)).toBeNull();
  });

  it('are of one template, one account and one person', async () => {
    const person = somebody(ONE_TIME);
    await open(person);
    expect(await reserve({ ...person, grant: { is: 'oneTime', templateId: 'T2' } })).toBeNull();
    expect(await reserve({ ...person, grant: WINDOW })).toBeNull();
    expect(await reserve({ ...person, account: 'other' })).toBeNull();
    expect(await reserve(somebody(ONE_TIME))).toBeNull();
    expect(await reserve(person)).not.toBeNull();
  });

  it('without a number are good for any while they are open', async () => {
    const person = somebody(WINDOW);
    await open(person, { messages: null, expiresAt: NOON + HOUR_MS });
    const first = await reserve(person);
    expect(first).not.toBeNull();
    await settle(first!, 'CONSUMED');
    expect(await reserve(person)).toBe(first);
    expect(await reserve(person, NOON + HOUR_MS)).toBeNull();
  });

  it.each<{ end: GrantEnd; free: number; closed: number }>([
    { end: 'CONSUMED', free: 1, closed: 0 },
    { end: 'RELEASED', free: 2, closed: 0 },
    { end: 'CLOSED', free: 0, closed: 2 },
  ])('that are $end leave $free of two', async ({ end, free, closed }) => {
    const person = somebody(ONE_TIME);
    await open(person);
    await open(person);
    await settle((await reserve(person))!, end);
    expect(await stateOf(person)).toEqual({ free, reserved: 0, history: free, closed });
    expect((await reserve(person)) !== null).toBe(free > 0);
  });

  it('that were used for what was not sent come back', async () => {
    const person = somebody(ONE_TIME);
    await open(person);
    const id = (await reserve(person))!;
    await settle(id, 'CONSUMED');
    expect(await reserve(person)).toBeNull();
    await settle(id, 'REFUNDED');
    expect(await reserve(person)).toBe(id);
  });

  it('that a person takes back are gone, but for what was given after it', async () => {
    const person = somebody(ONE_TIME);
    await open(person, { at: NOON });
    await open(person, { at: NOON + 10 });
    const reserved = (await reserve(person, NOON + 11))!;
    await pools.all[0]!.transaction((tx) => grants.close(tx, person, 'REJECTED', NOON + 5));
    expect(await stateOf(person)).toEqual({ free: 1, reserved: 1, history: 1, closed: 1 });
    await settle(reserved, 'CONSUMED');
    expect(await stateOf(person)).toMatchObject({ free: 1, reserved: 0, history: 1 });
  });

  it('have a history that always says what is free', async () => {
    const steps = fc.array(
      fc.constantFrom('open', 'reserve', 'CONSUMED', 'RELEASED', 'CLOSED', 'close'),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (acts) => {
        const person = somebody(ONE_TIME);
        const held: string[] = [];
        for (const act of acts) {
          if (act === 'open') await open(person, { messages: 2 });
          else if (act === 'reserve')
            held.push(...[await reserve(person)].filter((id) => id !== null));
          else if (act === 'close') {
            await pools.all[0]!.transaction((tx) => grants.close(tx, person, 'TEST', NOON + 9));
          } else if (held.length > 0) await settle(held.shift()!, act);
        }
        const { free, reserved, history } = await stateOf(person);
        expect(history).toBe(free);
        expect(reserved ?? 0).toBe(held.length);
      }),
      { numRuns: 40 },
    );
  });
});
