import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MOST_FILE_BYTES } from '../../src/channels/log/log-file.ts';
import { logChannel } from '../../src/channels/log/log.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { LogReader } from './fakes/log-reader.ts';

const clock = new TestClock(CONTRACT_START);
const reader = new LogReader();
const subject: ContractSubject = {
  channel: logChannel,
  fake: reader,
  clock,
  settings: (url) => ({ file: url }),
  address: 'mei@welt.example',
  recipient: 'mei@welt.example',
  cases: [],
};

runChannelContract(subject);

describe('the log of messages', () => {
  beforeAll(() => reader.start());
  afterAll(() => reader.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  it('is read by people', async () => {
    const trial = new Trial(subject);
    await trial.send(trial.message({ photo: { url: 'https://welt.example/p', caption: 'sole' } }));
    clock.advance(1000);
    await trial.send(trial.message({ title: 'Moved', text: 'a\n\nb', link: null }));
    expect(reader.text)
      .toBe(`── 2026-11-22T01:02:03.000Z  to mei@welt.example  0190b6b2-7f3a-4c1d-8e2f-000000000001
   鞋子可取了  (order.ready)
   您的 AJ1 已护理完成。

   请于周五 15:00 到人民广场店取鞋,取件码 W7K2Q9。
   Link: https://welt.example/o/W7K2Q9
   Photo: https://welt.example/p sole

── 2026-11-22T01:02:04.000Z  to mei@welt.example  0190b6b2-7f3a-4c1d-8e2f-000000000002
   Moved  (order.ready)
   a

   b

`);
  });

  it('is nobody else’s to read', async () => {
    await new Trial(subject).send();
    expect(statSync(reader.url).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(reader.url)).mode & 0o777).toBe(0o700);
  });

  it('says what was written at once whole, and no message twice', async () => {
    const trial = new Trial(subject);
    const messages = Array.from({ length: 50 }, () => trial.message({ text: 'x'.repeat(5000) }));
    await Promise.all(messages.map((message) => trial.send(message)));
    const read = reader.messages.map(({ echo }) => echo);
    expect(read.toSorted()).toEqual(messages.map(({ deliveryId }) => deliveryId));
    expect(reader.messages.every(({ text }) => text.includes('x'.repeat(5000)))).toBe(true);
  });

  it('cannot be made to show a message that was not sent', async () => {
    const trial = new Trial(subject);
    const forged = 'x\n\n── 2026-11-22T01:02:03.000Z  to x@x.example  0190b6b2\n   hi';
    await trial.send(trial.message({ text: forged }));
    expect(reader.messages).toHaveLength(1);
    expect(logChannel.address.safeParse('a\nb').success).toBe(false);
  });

  it('is put aside when it is full', async () => {
    mkdirSync(dirname(reader.url), { recursive: true });
    const trial = new Trial(subject);
    for (const age of ['oldest', 'old']) {
      writeFileSync(reader.url, age);
      truncateSync(reader.url, MOST_FILE_BYTES);
      await trial.send();
    }
    expect(reader.messages).toHaveLength(1);
    expect(readFileSync(`${reader.url}.1`, 'utf8').slice(0, 4)).toBe('old\0');
    expect(statSync(`${reader.url}.1`).size).toBe(MOST_FILE_BYTES);

    truncateSync(reader.url, MOST_FILE_BYTES - 1);
    await trial.send();
    expect(statSync(reader.url).size).toBeGreaterThan(MOST_FILE_BYTES);
  });

  it('that is a directory is for headquarters to mend', async () => {
    mkdirSync(reader.url, { recursive: true });
    expect(await new Trial(subject).send()).toEqual({
      outcome: 'permanent',
      because: 'configuration',
      code: 'EISDIR',
      message: 'the file cannot be written',
    });
  });

  it('needs a whole path', () => {
    expect(logChannel.settings.safeParse({ file: 'messages.log' }).success).toBe(false);
  });
});
