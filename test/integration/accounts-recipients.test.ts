import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as newId } from 'uuid';

import type { Channel } from '../../src/channels/channel.ts';
import type { Account } from '../../src/features/accounts/index.ts';
import { addressOn, Recipients } from '../../src/features/accounts/recipients.ts';
import { Standings } from '../../src/features/accounts/standings.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { openPools, type Pools } from '../support/pools.ts';

const NOON = Date.UTC(2030, 8, 2, 4);

let pools: Pools;
beforeAll(async () => {
  pools = await openPools(1);
});
afterAll(() => pools.stop());

const recipients = new Recipients();
const standings = new Standings();
const db = () => pools.all[0]!;
let people = 0;

interface Person {
  readonly id: string;
  /** On the channel `chat`. */
  readonly user: string;
  readonly email: string;
  readonly phone: string;
}

/** Somebody with an email, a phone and an address on the channel `chat`. */
async function somebody(): Promise<Person> {
  const number = (people += 1);
  const [id, user] = [newId(), `user-${number}`];
  const [email, phone] = [`p${number}@example.com`, `+86138001380${10 + number}`];
  await db().query(
    `INSERT INTO customer (id, name, locale, created_at) VALUES ($1, 'Somebody', 'zh-CN', now())`,
    [id],
  );
  await db().query(`INSERT INTO contact VALUES ('email', $2, $1), ('phone', $3, $1)`, [
    ...[id, email, phone],
  ]);
  await db().query(
    `INSERT INTO channel_address VALUES ($1, 'chat', 'default', to_jsonb($2::text), $2, now())`,
    [id, user],
  );
  return { id, user, email, phone };
}

function account(reaches: Channel['descriptor']['reaches'], parts: Partial<Account> = {}): Account {
  const channel = new FakeChannel(reaches === 'own' ? 'chat' : reaches, { reaches });
  return {
    ...{ channel, account: 'default', version: 1, settings: {}, isEnabled: true },
    ...{ costMinor: 0, currency: null, perSecond: null, ...parts },
  };
}

describe('what is known of recipients', () => {
  it('is read for all at once, and nothing of strangers', async () => {
    const [a, b, stranger] = [await somebody(), await somebody(), newId()];
    const known = await recipients.of(db(), [a.id, stranger, b.id]);
    expect([...known.keys()].sort()).toEqual([a.id, b.id].sort());
    expect(known.get(a.id)).toEqual({
      ...{ customerId: a.id, name: 'Somebody', locale: 'zh-CN', email: a.email, phone: a.phone },
      own: [{ channel: 'chat', account: 'default', address: a.user }],
      standings: [],
      preference: {
        ...{ channels: [], offChannels: [], offKinds: [] },
        ...{ timeZone: null, quietFrom: null, quietTo: null },
      },
    });
    expect(await recipients.of(db(), [])).toEqual(new Map());
  });

  it('is what they said they want', async () => {
    const { id } = await somebody();
    await db().query(
      `INSERT INTO message_preference VALUES ($1, '{chat,email}', '{sms}', '{PROGRESS}',
         'Europe/London', 1320, 420, now())`,
      [id],
    );
    expect((await recipients.of(db(), [id])).get(id)!.preference).toEqual({
      ...{ channels: ['chat', 'email'], offChannels: ['sms'], offKinds: ['PROGRESS'] },
      ...{ timeZone: 'Europe/London', quietFrom: 1320, quietTo: 420 },
    });
  });
});

describe('the address of a recipient', () => {
  it('is what the channel reaches', async () => {
    const person = await somebody();
    const known = (await recipients.of(db(), [person.id])).get(person.id)!;
    const keyOn = (one: Account) => {
      const choice = addressOn(known, one);
      return choice.ok ? choice.addressKey : choice.reason;
    };
    expect(keyOn(account('email'))).toBe(person.email);
    expect(keyOn(account('phone'))).toBe(person.phone);
    expect(keyOn(account('any'))).toBe(person.email);
    expect(keyOn(account('own'))).toBe(person.user);
    expect(keyOn(account('own', { account: 'two' }))).toBe('NO_ADDRESS');
    expect(keyOn(account('email', { account: 'two' }))).toBe(person.email);
  });

  it.each([
    { standing: 'INVALID', reason: 'ADDRESS_INVALID' },
    { standing: 'WITHDRAWN', reason: 'NO_CONSENT' },
    { standing: 'GIVEN', reason: null },
  ] as const)('that is $standing on one account is $reason there alone', async (row) => {
    const person = await somebody();
    const addressKey = person.email;
    await standings.change(db(), [
      {
        channel: 'email',
        account: 'default',
        addressKey,
        standing: row.standing,
        reason: 'X',
        at: NOON,
      },
    ]);
    const known = (await recipients.of(db(), [person.id])).get(person.id)!;
    const here = addressOn(known, account('email'));
    expect(here.ok ? null : here.reason).toBe(row.reason);
    expect(addressOn(known, account('email', { account: 'two' })).ok).toBe(true);
    expect(addressOn(known, account('phone')).ok).toBe(true);
  });
});

describe('the standing of an address', () => {
  const steps = {
    invalid: { standing: 'INVALID' },
    withdrawn: { standing: 'WITHDRAWN' },
    given: { standing: 'GIVEN' },
  } as const;
  type Step = keyof typeof steps;

  it.each<{ told: [Step, number][]; is: string }>([
    { told: [['withdrawn', 1]], is: 'WITHDRAWN' },
    {
      told: [
        ['withdrawn', 1],
        ['given', 2],
      ],
      is: 'GIVEN',
    },
    {
      told: [
        ['given', 2],
        ['withdrawn', 1],
      ],
      is: 'GIVEN',
    },
    {
      told: [
        ['withdrawn', 1],
        ['given', 2],
        ['withdrawn', 1],
      ],
      is: 'GIVEN',
    },
    {
      told: [
        ['withdrawn', 1],
        ['invalid', 2],
      ],
      is: 'WITHDRAWN',
    },
    {
      told: [
        ['invalid', 1],
        ['given', 2],
        ['invalid', 3],
      ],
      is: 'INVALID',
    },
  ])('after $told is $is', async ({ told, is }) => {
    const place = { channel: 'chat', account: 'default', addressKey: newId(), reason: 'X' };
    for (const [step, at] of told) {
      await standings.change(db(), [{ ...place, ...steps[step], at: NOON + at }]);
    }
    const rows = await db().query<{ standing: string }[]>(
      'SELECT standing FROM address_standing WHERE address_key = $1',
      [place.addressKey],
    );
    expect(rows).toEqual([{ standing: is }]);
  });
});
