import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { SendOutcome } from '../../src/channels/channel.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import { Accounts } from '../../src/features/accounts/index.ts';
import { DaySheets, SheetSender } from '../../src/features/board/index.ts';
import { DaySheetsJob } from '../../src/jobs/day-sheets.job.ts';
import { clearDay, goAlong } from '../support/board/day.ts';
import { daySheet } from '../support/board/reading.ts';
import { aBooking, bookOrder } from '../support/bookings.ts';
import { FakeChannel, refused, silent, temporary } from '../support/fake-channel.ts';
import { anAccount } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, at, dateOf, workedNetwork } from '../support/worked-network.ts';

const GROUP = new FakeChannel('group', {
  ...{ audience: 'staff', reaches: 'endpoint', idempotency: { is: 'none' } },
});
const KEYED = new FakeChannel('keyed', { audience: 'staff', reaches: 'endpoint' });
const MAIL = new FakeChannel('mail');
const CHANNELS = [GROUP, KEYED, MAIL];
const MINUTE = 60_000;
const NETWORK = workedNetwork({ counter: { visits: 1_000, dropOffPairs: 1_000 } });
const NIGHT = aStore('N', {}, { timeZone: 'America/New_York' });

/** Two processes of one deployment, as far as they can tell. */
let one: TestService;
let two: TestService;
let weeks = 0;

beforeAll(async () => {
  const network = { ...NETWORK, stores: [...NETWORK.stores!, NIGHT] };
  one = await startService({ network, channels: CHANNELS });
  two = await startService({ database: one.database, channels: CHANNELS });
});
afterAll(async () => {
  await two.stop();
  await one.stop();
});

/** Each test has a week of its own: processes remember the sheets that they know of. */
beforeEach(async () => {
  weeks += 1;
  for (const channel of CHANNELS) channel.forget();
  await clearDay(one);
  await one.rows('TRUNCATE channel_account');
  await accounts({ group: ['default'] });
  set('Mon 08:00');
});

const inWeek = (text: string): EpochMs => {
  const [day = '', time = ''] = text.split(' ');
  return at(`${day}+${weeks} ${time}`);
};

function set(text: string): void {
  for (const service of [one, two]) service.clock.set(inWeek(text));
}

async function accounts(given: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [channel, names] of Object.entries(given)) {
    for (const account of names) await anAccount(one, channel, { account });
  }
  two.app.get(Accounts, { strict: false }).forget();
}

const jobOf = ({ app }: TestService): DaySheetsJob =>
  new DaySheetsJob(app.get(DaySheets, { strict: false }), app.get(SheetSender, { strict: false }));
const runJob = (service = one): Promise<number> => jobOf(service).run();
const sheetOf = (storeCode: string, day = 'Mon') =>
  daySheet(one, storeCode, dateOf(`${day}+${weeks}`));
const titles = (channel: FakeChannel): readonly string[] =>
  channel.sent.map(({ title }) => title).sort();

/** As if the worker that has them in hand had died. */
const loseWorkers = () =>
  one.rows(`UPDATE day_sheet_sending SET leased_until = clock_timestamp() - interval '1 second'`);

describe('the day sheet', () => {
  it('is made and sent when each store opens, by its own zone, once', async () => {
    set('Mon 09:59');
    expect(await runJob()).toBe(0);
    expect(await sheetOf('A')).toBeNull();
    set('Mon 10:00');
    await runJob();
    await runJob();
    await runJob(two);
    expect(GROUP.sent.map(({ title }) => title.split(':')[0]).sort()).toEqual([
      'Store A',
      'Store B',
    ]);
    expect(await sheetOf('A')).toMatchObject({
      opens: new Date(inWeek('Mon 10:00')).toISOString(),
      madeAt: new Date(inWeek('Mon 10:00')).toISOString(),
      sendings: [{ channel: 'group', account: 'default', status: 'ACCEPTED', reason: null }],
    });
    // Ten in New York is 22:00 in Shanghai, while the clocks of New York show summer time.
    set('Mon 21:59');
    await runJob(two);
    expect(await sheetOf('N')).toBeNull();
    set('Mon 22:00');
    await runJob(two);
    expect(await sheetOf('N')).toMatchObject({ sendings: [{ status: 'ACCEPTED' }] });
    expect(GROUP.sent).toHaveLength(3);
  });

  it('tells the day in words, without the name of any customer', async () => {
    const week = weeks;
    weeks = 0;
    set('Mon 08:00');
    const stays = await bookOrder(one, aBooking({ pairs: 2 }));
    const comes = await bookOrder(one, aBooking({ pickUp: 'B Wed 20:30' }));
    expect([stays.__typename, comes.__typename]).toEqual(['Order', 'Order']);
    await goAlong(one, stays, 'ON_SHELF');
    for (const service of [one, two]) service.clock.set(at('Wed 10:00'));
    await runJob();
    const sheet = (await daySheet(one, 'B', dateOf('Wed')))!;
    expect(sheet.title).toBe('Store B: Wednesday, September 4');
    expect(sheet.content.split('\n\n')).toEqual([
      [
        'Booked for today: 0 drop-offs with 0 pairs, 1 pick-up.',
        'Not ready yet: 1 pick-up of today.',
        'Visits:',
        `8:30 PM pick-up ${comes.ticketCode}, 1 pair (not ready)`,
      ].join('\n'),
      'No goods are due by van.',
      [
        'Ready and not collected: 1 order, 1 of them overdue.',
        `${stays.ticketCode}, 2 pairs, 1 day overdue, shelf R2-14`,
      ].join('\n'),
      'No task is open.',
    ]);
    expect(sheet.content).not.toMatch(/Mei|Lin/);
    expect(GROUP.sent.find(({ title }) => title === sheet.title)!.text).toBe(sheet.content);
    weeks = week;
  });

  it('is still made and sent by a process that was down at opening, until the store closes', async () => {
    set('Mon 20:59');
    await runJob();
    expect((await sheetOf('A'))!.madeAt).toBe(new Date(inWeek('Mon 20:59')).toISOString());
    expect(GROUP.sent).toHaveLength(2);
    set('Tue 21:00');
    expect(await runJob()).toBe(0);
    expect(await sheetOf('A', 'Tue')).toBeNull();
  });

  it('is made once however many processes make it at the same moment, and sent once', async () => {
    set('Mon 10:00');
    await Promise.all([runJob(one), runJob(two), runJob(one), runJob(two)]);
    const [sheets] = await one.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM day_sheet`,
    );
    expect(sheets).toEqual({ count: 2 });
    expect(titles(GROUP)).toHaveLength(2);
    expect(new Set(titles(GROUP)).size).toBe(2);
  });

  it('goes to the account that has the name of the store, else to the common one of each channel', async () => {
    await accounts({ keyed: ['A', 'default', 'other'], mail: ['default'] });
    set('Mon 10:00');
    await runJob();
    const sendings = async (code: string) =>
      (await sheetOf(code))!.sendings.map(({ channel, account }) => `${channel}/${account}`);
    expect(await sendings('A')).toEqual(['group/default', 'keyed/A']);
    expect(await sendings('B')).toEqual(['group/default', 'keyed/default']);
    expect(MAIL.sent).toEqual([]);
  });

  it('is kept to be read where there is no account for staff', async () => {
    await one.rows('TRUNCATE channel_account');
    await accounts({ mail: ['default'] });
    set('Mon 10:00');
    await runJob();
    expect(await sheetOf('A')).toMatchObject({ sendings: [] });
    expect(MAIL.sent).toEqual([]);
  });

  it('is tried again later when the provider cannot take it, and no longer when it is of no use', async () => {
    GROUP.always = temporary('BUSY', 5 * MINUTE);
    set('Mon 10:00');
    await runJob();
    expect(await sheetOf('A')).toMatchObject({ sendings: [{ status: 'RETRYING', code: 'BUSY' }] });
    expect(await runJob()).toBe(0);
    GROUP.always = { outcome: 'accepted', providerRef: null };
    set('Mon 10:05');
    await runJob(two);
    expect(await sheetOf('A')).toMatchObject({ sendings: [{ status: 'ACCEPTED' }] });
    expect(GROUP.sent).toHaveLength(4);
    GROUP.always = temporary();
    set('Tue 20:59');
    await runJob();
    set('Tue 21:00');
    await runJob();
    const [ended] = (await sheetOf('A', 'Tue'))!.sendings;
    expect(['FAILED', 'EXPIRED']).toContain(ended!.status);
    const calls = GROUP.sent.length;
    set('Tue 21:30');
    expect(await runJob()).toBe(0);
    expect(GROUP.sent).toHaveLength(calls);
  });

  it('is refused once and for all, with the reason', async () => {
    GROUP.always = refused('configuration');
    set('Mon 10:00');
    await runJob();
    expect(await sheetOf('A')).toMatchObject({
      sendings: [{ status: 'FAILED', reason: 'CONFIGURATION', code: 'NO', sentAt: null }],
    });
  });

  it('goes nowhere when the account was disabled after it was made', async () => {
    set('Mon 10:00');
    await one.app.get(DaySheets, { strict: false }).makeDue();
    await anAccount(one, 'group', { isEnabled: false });
    await one.app.get(SheetSender, { strict: false }).run();
    expect(await sheetOf('A')).toMatchObject({
      sendings: [{ status: 'FAILED', code: 'NO_ACCOUNT' }],
    });
    expect(GROUP.sent).toEqual([]);
  });

  it('keeps to the rate of the account', async () => {
    await anAccount(one, 'group', { perSecond: 1 });
    set('Mon 10:00');
    await runJob();
    expect(GROUP.sent).toHaveLength(1);
    for (let second = 0; second < 5 && GROUP.sent.length < 2; second++) {
      one.clock.advance(1_000);
      await runJob();
    }
    expect(GROUP.sent).toHaveLength(2);
  });

  it('is sent once more at most when nobody can tell, and under its key where there is one', async () => {
    await accounts({ keyed: ['default'] });
    GROUP.always = silent;
    KEYED.always = silent;
    set('Mon 10:00');
    for (let minute = 0; minute < 60; minute++) {
      await runJob(minute % 2 === 0 ? one : two);
      for (const service of [one, two]) service.clock.advance(MINUTE);
    }
    const toA = ({ title }: { readonly title: string }) => title.startsWith('Store A');
    expect(GROUP.sent.filter(toA)).toHaveLength(2);
    const keyed = KEYED.sent.filter(toA);
    expect(keyed.length).toBeGreaterThan(2);
    expect(new Set(keyed.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect((await sheetOf('A'))!.sendings).toMatchObject([
      { status: 'AMBIGUOUS', reason: 'NOBODY_KNOWS' },
      { status: 'AMBIGUOUS', reason: 'NOBODY_KNOWS' },
    ]);
  });

  it('is taken over from a worker that died, whose late word changes nothing', async () => {
    await one.rows(`DELETE FROM channel_account`);
    await accounts({ keyed: ['default'] });
    const waiting: ((outcome: SendOutcome) => void)[] = [];
    const accepted: SendOutcome = { outcome: 'accepted', providerRef: null };
    KEYED.always = () => new Promise((done) => waiting.push(done));
    set('Mon 10:00');
    const died = runJob(one);
    while (waiting.length < 2) await new Promise(setImmediate);
    expect(await runJob(two)).toBe(0);
    KEYED.always = accepted;
    await loseWorkers();
    await runJob(two);
    two.clock.advance(MINUTE);
    await runJob(two);
    expect(await sheetOf('A')).toMatchObject({ sendings: [{ status: 'ACCEPTED' }] });
    for (const done of waiting) done(refused('content'));
    await died;
    expect(await sheetOf('A')).toMatchObject({ sendings: [{ status: 'ACCEPTED' }] });
    const ids = KEYED.sent.map(({ deliveryId }) => deliveryId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(2);
  });

  it('is written in the language of the chain', async () => {
    await one.rows(
      `INSERT INTO message_policy (document, updated_at) VALUES ('{"locale": "zh-CN"}', now())`,
    );
    await one.rows(`UPDATE chain SET version = version + 1`);
    set('Mon 10:00');
    await runJob();
    expect((await sheetOf('A'))!.content).toContain('今日没有预约。');
    await one.rows(`DELETE FROM message_policy`);
    await one.rows(`UPDATE chain SET version = version + 1`);
  });

  it('is forgotten with its sendings when its time is over', async () => {
    set('Mon 10:00');
    await runJob();
    const sheets = one.app.get(DaySheets, { strict: false });
    expect(await sheets.forget(inWeek('Mon 10:00'))).toBe(0);
    expect(await sheets.forget(inWeek('Mon 10:01'))).toBe(2);
    expect(await sheetOf('A')).toBeNull();
  });

  it('is read by staff of the store and by headquarters', async () => {
    const date = dateOf(`Mon+${weeks}`);
    await expect(daySheet(one, 'A', date, one.tokens.staff('B'))).rejects.toThrow('FORBIDDEN');
    await expect(daySheet(one, 'A', date, one.tokens.staff('A'))).resolves.toBeNull();
  });
});
