import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { dingtalkChannel } from '../../src/channels/dingtalk/dingtalk.channel.ts';
import { feishuChannel } from '../../src/channels/feishu/feishu.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { DING_KEYWORD, DING_SECRET, DING_TOKEN, FakeDingtalk } from './fakes/dingtalk.ts';
import { FakeFeishu, FEISHU_KEYWORD, FEISHU_SECRET, FEISHU_TOKEN } from './fakes/feishu.ts';

const HOUR_MS = 3_600_000;
const clock = new TestClock(CONTRACT_START);
const ding = (errcode: number) => ({ body: { errcode, errmsg: 'said in words' } });
const lark = (code: number) => ({ body: { code, msg: 'said in words' } });
const misconfigured = { outcome: 'permanent', because: 'configuration' } as const;

const dingtalk: ContractSubject = {
  channel: dingtalkChannel,
  fake: new FakeDingtalk(clock),
  clock,
  settings: (url) => ({
    accessToken: DING_TOKEN,
    signSecret: DING_SECRET,
    keyword: DING_KEYWORD,
    baseUrl: url,
  }),
  address: {},
  recipient: DING_TOKEN,
  wrongCredentials: {
    settings: { signSecret: 'SECanother+secret/of=a!robot' },
    outcome: { ...misconfigured, code: '310000' },
  },
  cases: [
    { name: 'busy', answer: ding(-1), outcome: { outcome: 'temporary', because: 'provider' } },
    ...[130101, 90030].map((code) => ({
      name: `locked out: ${code}`,
      answer: ding(code),
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 600_000 } as const,
    })),
    { name: 'sign, keyword or address', answer: ding(310000), outcome: misconfigured },
    { name: 'token', answer: ding(300001), outcome: misconfigured },
  ],
  unknownCode: { answer: ding(999_999) },
};

const feishu: ContractSubject = {
  channel: feishuChannel,
  fake: new FakeFeishu(clock),
  clock,
  settings: (url) => ({
    hookToken: FEISHU_TOKEN,
    signSecret: FEISHU_SECRET,
    keyword: FEISHU_KEYWORD,
    baseUrl: url,
  }),
  address: {},
  recipient: FEISHU_TOKEN,
  wrongCredentials: {
    settings: { signSecret: 'another+secret/of=a!robot' },
    outcome: { ...misconfigured, code: '19021' },
  },
  cases: [
    {
      name: 'too many',
      answer: lark(11232),
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: null },
    },
    {
      name: 'bad request',
      answer: lark(9499),
      outcome: { outcome: 'permanent', because: 'content' },
    },
    { name: 'sign or time', answer: lark(19021), outcome: misconfigured },
    { name: 'address', answer: lark(19022), outcome: misconfigured },
    { name: 'keyword', answer: lark(19024), outcome: misconfigured },
    { name: 'token', answer: lark(19001), outcome: misconfigured },
  ],
  unknownCode: { answer: lark(99_999) },
};

runChannelContract(dingtalk);
runChannelContract(feishu);

describe.each([
  { name: 'DingTalk', subject: dingtalk },
  { name: 'Feishu', subject: feishu },
])('a robot of $name', ({ subject }) => {
  const { fake } = subject;
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  it('says the title, the text and the link, with its keyword', async () => {
    const trial = new Trial(subject);
    await trial.send(
      trial.message({ title: 'Lost van', text: 'a\n\nb', link: 'https://x.example' }),
    );
    expect(fake.messages[0]!.text).toBe('鞋管家 Lost van\n\na\n\nb\n\nhttps://x.example');
  });

  it('does not say the keyword again', async () => {
    const trial = new Trial(subject);
    await trial.send(trial.message({ title: '', text: '致鞋管家', link: null }));
    expect(fake.messages[0]!.text).toBe('致鞋管家');
  });

  it.each(['x', '鞋', '"', '\u0001', '👨‍👩‍👧'])('fits a long text of %j', async (char) => {
    const trial = new Trial(subject);
    const link = 'https://welt.example/o/1';
    const message = trial.message({ text: char.repeat(20_000), link });
    expect(await trial.send(message)).toMatchObject({ outcome: 'accepted' });
    expect(fake.messages[0]!.text.endsWith(`…\n\n${link}`)).toBe(true);
  });

  it.each([-HOUR_MS - 1000, HOUR_MS + 1000])(
    'names a clock that is off by %d ms',
    async (offMs) => {
      const ownClock = new TestClock(CONTRACT_START + offMs);
      const outcome = await new Trial({ ...subject, clock: ownClock }).send();
      expect(outcome).toMatchObject({
        ...misconfigured,
        message: expect.stringContaining('clock'),
      });
    },
  );

  it('stays within what the provider allows, at the rate that is declared', async () => {
    const trial = new Trial(subject);
    const { rates } = subject.channel.descriptor;
    const inAMinute = rates.find(({ perSec }) => perSec === 60)!.messages;
    const inASecond = rates.find(({ perSec }) => perSec === 1)?.messages ?? inAMinute;
    const outcomes: string[] = [];
    for (let sent = 0; sent < inAMinute; sent++) {
      if (sent > 0 && sent % inASecond === 0) clock.advance(1000);
      outcomes.push((await trial.send()).outcome);
    }
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    expect(fake.messages).toHaveLength(inAMinute);
  });

  it('sends no signature without a secret', async () => {
    await new Trial(subject, { signSecret: undefined }).send();
    expect(fake.messages).toHaveLength(0);
    expect(fake.attempts).toBe(1);
  });
});

it('DingTalk locks out whoever sends 21 messages in a minute', async () => {
  const { fake } = dingtalk;
  await fake.start();
  startAnew(dingtalk);
  const trial = new Trial(dingtalk);
  for (let sent = 0; sent < 20; sent++) await trial.send();
  const lockedOut = { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 600_000 };
  expect(await trial.send()).toMatchObject(lockedOut);
  clock.advance(599_000);
  expect(await trial.send()).toMatchObject(lockedOut);
  clock.advance(1000);
  expect(await trial.send()).toMatchObject({ outcome: 'accepted', isDelivered: true });
  await fake.stop();
});
