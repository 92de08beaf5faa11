import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startService, type TestService } from '../support/service.ts';
import { aStore, DAILY, dateOf, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  const hours = (opens: string, closes: string) => [{ days: DAILY, opens, closes }];
  const closed = { from: dateOf('Wed'), to: dateOf('Thu'), hours: [] };
  const stores = [
    aStore('LATE', {}, { openingHours: hours('18:00', '02:00'), specialHours: [closed] }),
    aStore('ALWAYS', {}, { openingHours: hours('00:00', '24:00') }),
    aStore('NEWYORK', {}, { timeZone: 'America/New_York', openingHours: hours('01:30', '04:00') }),
  ];
  const chain = workedNetwork();
  service = await startService({ network: { ...chain, stores: [...chain.stores!, ...stores] } });
});
afterAll(() => service.stop());

interface StoreAnswer {
  readonly code: string;
  readonly name: string;
  readonly timeZone: string;
  readonly address: string | null;
  readonly openingTimes: readonly { readonly start: string; readonly end: string }[];
}

const QUERY = `query ($code: ID!, $from: LocalDate!, $to: LocalDate!) {
  store(code: $code) { code name timeZone address openingTimes(from: $from, to: $to) { start end } }
}`;

const ask = (code: string, from: string, to: string) =>
  service.ask<{ store: StoreAnswer | null }>(QUERY, { code, from, to });

describe('store', () => {
  it('is known by its code; null: there is none', async () => {
    const { data } = await ask('A', dateOf('Mon'), dateOf('Mon'));
    expect(data?.store).toEqual({
      ...{ code: 'A', name: 'Store A', timeZone: 'Asia/Shanghai', address: null },
      openingTimes: [{ start: when('Mon 10:00'), end: when('Mon 21:00') }],
    });
    for (const code of ['NONE', 'a', 'W']) {
      expect((await ask(code, dateOf('Mon'), dateOf('Mon'))).data).toEqual({ store: null });
    }
  });

  it.each([
    {
      name: 'past midnight belongs to the date that it began on; special hours replace whole dates',
      of: ['LATE', dateOf('Tue'), dateOf('Fri')],
      open: [
        [when('Tue 18:00'), when('Wed 02:00')],
        [when('Fri 18:00'), when('Sat 02:00')],
      ],
    },
    {
      name: 'what never closes is cut at each midnight',
      of: ['ALWAYS', dateOf('Mon'), dateOf('Tue')],
      open: [
        [when('Mon 00:00'), when('Tue 00:00')],
        [when('Tue 00:00'), when('Wed 00:00')],
      ],
    },
    {
      name: 'a repeated 01:30 is the first one',
      of: ['NEWYORK', '2030-11-03', '2030-11-03'],
      open: [['2030-11-03T05:30:00.000Z', '2030-11-03T09:00:00.000Z']],
    },
    {
      name: 'a day of 23 hours',
      of: ['NEWYORK', '2031-03-09', '2031-03-09'],
      open: [['2031-03-09T06:30:00.000Z', '2031-03-09T08:00:00.000Z']],
    },
  ])('is open: $name', async ({ of: [code = '', from = '', to = ''], open }) => {
    const { data } = await ask(code, from, to);
    expect(data?.store?.openingTimes.map(({ start, end }) => [start, end])).toEqual(open);
  });

  it.each([
    { name: '63 days', from: '2030-09-01', to: '2030-11-02' },
    { name: 'the end before the beginning', from: '2030-09-02', to: '2030-09-01' },
    { name: 'a date that there is not', from: '2031-02-29', to: '2031-03-01' },
  ])('is not told of $name', async ({ from, to }) => {
    const { status, errors } = await ask('A', from, to);
    expect({ status, ...errors[0]?.extensions }).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
    });
  });
});
