import { generateKeyPairSync } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ICAL from 'ical.js';

import type { MessageContent } from '../../src/channels/channel.ts';
import { smtpChannel } from '../../src/channels/smtp/smtp.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject, OutcomeCase } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { FakeMailServer, PASS, USER, type Step } from './fakes/mail-server.ts';

const clock = new TestClock(CONTRACT_START);
const server = new FakeMailServer();
const MEI = 'mei@welt.example';

const saying = (
  name: string,
  [step, code, words]: [Step, number, string],
  outcome: OutcomeCase['outcome'],
): OutcomeCase => ({
  name,
  answer: () => {
    server.answerAt(step, code, words);
  },
  outcome: { ...outcome, code: String(code) },
});

const subject: ContractSubject = {
  channel: smtpChannel,
  fake: server,
  clock,
  settings: (url) => ({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    security: 'none',
    user: USER,
    pass: PASS,
    fromAddress: 'orders@chain.example',
    fromName: '鞋管家 "Welt"',
    replyTo: 'help@chain.example',
    ehloName: 'welt.example',
  }),
  address: MEI,
  recipient: MEI,
  wrongCredentials: {
    settings: { pass: 'another' },
    outcome: { outcome: 'permanent', because: 'configuration', code: '535' },
  },
  cases: [
    saying('nobody there', ['rcpt', 550, '5.1.1 No such user'], {
      outcome: 'permanent',
      because: 'recipient',
    }),
    saying('we are not wanted there', ['rcpt', 554, '5.7.1 Client host blocked'], {
      outcome: 'permanent',
      because: 'configuration',
    }),
    saying('come again', ['rcpt', 450, '4.2.0 Greylisted'], {
      outcome: 'temporary',
      because: 'provider',
    }),
    saying('mailbox full', ['data', 452, '4.2.2 Mailbox full'], {
      outcome: 'temporary',
      because: 'provider',
    }),
    saying('not this content', ['data', 554, '5.6.0 Not wanted'], {
      outcome: 'permanent',
      because: 'content',
    }),
    saying('bad login', ['auth', 535, '5.7.8 Bad login'], {
      outcome: 'permanent',
      because: 'configuration',
    }),
    saying('login not possible now', ['auth', 454, '4.7.0 Later'], {
      outcome: 'temporary',
      because: 'provider',
    }),
    saying('not from this sender', ['mail', 553, '5.1.8 Not your domain'], {
      outcome: 'permanent',
      because: 'configuration',
    }),
    saying('sign in first', ['rcpt', 530, '5.7.0 Authentication required'], {
      outcome: 'permanent',
      because: 'configuration',
    }),
    saying('not talking to us', ['connect', 554, '5.7.1 Blocked'], {
      outcome: 'permanent',
      because: 'configuration',
    }),
    saying('too many connections', ['connect', 421, '4.3.2 Busy'], {
      outcome: 'temporary',
      because: 'provider',
    }),
  ],
};

runChannelContract(subject);

const VCALENDAR = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Welt//EN',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'UID:0190b6b2-7f3a-4c1d-8e2f-000000000099@chain.example',
  'SEQUENCE:2',
  'DTSTAMP:20261122T010203Z',
  'DTSTART:20261127T070000Z',
  'DTEND:20261127T071500Z',
  'SUMMARY:取鞋 · 人民广场店',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

describe('a mail', () => {
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  async function mailOf(content: Partial<MessageContent> = {}, settings: object = {}) {
    const trial = new Trial(subject, { ...settings });
    expect(await trial.send(trial.message(content))).toMatchObject({ outcome: 'accepted' });
    return server.mails[0]!;
  }

  it('is read by a program for mails', async () => {
    const { parsed } = await mailOf({ text: 'eins\nzwei\n\n"<b>&' });
    expect(parsed.subject).toBe('鞋子可取了');
    expect(parsed.from!.value).toEqual([
      { address: 'orders@chain.example', name: '鞋管家 "Welt"' },
    ]);
    expect(parsed.to).toMatchObject({ value: [{ address: MEI, name: '' }] });
    expect(parsed.replyTo!.value[0]!.address).toBe('help@chain.example');
    expect(parsed.messageId).toBe('<0190b6b2-7f3a-4c1d-8e2f-000000000001@chain.example>');
    expect(parsed.text).toBe('eins\nzwei\n\n"<b>&\n\nhttps://welt.example/o/W7K2Q9');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(parsed.headers.get('x-delivery-id')).toBe('0190b6b2-7f3a-4c1d-8e2f-000000000001');
    expect(parsed.headers.get('content-language')).toBe('zh-CN');
    expect(parsed.attachments).toEqual([]);
    expect(server.envelopes[0]).toMatchObject({
      mailFrom: { address: 'orders@chain.example' },
      rcptTo: [{ address: MEI }],
    });
  });

  it('shows the same words as a page, with nothing in them that acts', async () => {
    const { parsed } = await mailOf({
      title: '</title><script>x</script>',
      text: 'a <script>alert("1")</script>\nb\n\n\'c\' & d',
      link: 'https://welt.example/o/1?a=1&b="><script>',
      photo: { url: 'https://welt.example/p.jpg', caption: '"><script>' },
    });
    const html = String(parsed.html);
    expect(html).not.toContain('<script>');
    expect(html).toContain(
      '<p>a &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;<br>\nb</p>\n<p>&#39;c&#39; &amp; d</p>',
    );
    expect(html).toContain('<img src="https://welt.example/p.jpg" alt="&quot;&gt;&lt;script&gt;"');
    expect(html).toContain(
      '<a href="https://welt.example/o/1?a=1&amp;b=&quot;&gt;&lt;script&gt;">',
    );
  });

  it('links to nothing but addresses of the web', async () => {
    const link = 'javascript:alert(1)';
    const { parsed } = await mailOf({ link, photo: { url: 'file:///etc/passwd', caption: '' } });
    expect(parsed.html).not.toContain('javascript:');
    expect(parsed.html).not.toContain('passwd');
  });

  it.each(['REQUEST', 'CANCEL', 'PUBLISH'] as const)(
    'carries a calendar entry to %s, as a part and as a file',
    async (method) => {
      const content = VCALENDAR.replace('METHOD:REQUEST', `METHOD:${method}`);
      const { raw, parsed } = await mailOf({ calendar: { method, content } });
      expect(raw).toMatch(
        new RegExp(`content-type: text/calendar; charset=utf-8;\\s*method=${method}`, 'i'),
      );
      const calendars = parsed.attachments.filter(({ contentType }) =>
        /calendar|ics/.test(contentType),
      );
      expect(calendars.map(({ contentType }) => contentType).toSorted()).toEqual([
        'application/ics',
        'text/calendar',
      ]);
      expect(
        parsed.attachments.find(({ filename }) => filename === 'appointment.ics'),
      ).toBeDefined();
      for (const { content: bytes } of calendars) {
        const calendar = new ICAL.Component(ICAL.parse(bytes.toString('utf8')) as unknown[]);
        const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent')!);
        expect(calendar.getFirstPropertyValue('method')).toBe(method);
        expect(event.summary).toBe('取鞋 · 人民广场店');
        expect(event.sequence).toBe(2);
        expect(event.startDate.toJSDate().toISOString()).toBe('2026-11-27T07:00:00.000Z');
      }
    },
  );

  it('has no heads that somebody wrote into the words', async () => {
    const injected = 'x\r\nBcc: thief@x.example\r\n\r\nbody\u2028Cc: y@x.example\0';
    const { parsed } = await mailOf({ title: injected, locale: 'en\r\nBcc: thief@x.example' });
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.cc).toBeUndefined();
    expect(parsed.headerLines.filter(({ key }) => /^b?cc$/.test(key))).toEqual([]);
    expect(parsed.subject).toBe('x Bcc: thief@x.example body Cc: y@x.example');
    expect(server.envelopes[0]!.rcptTo).toHaveLength(1);
  });

  it.each([
    'mei@welt.example\r\nBcc: thief@x.example',
    'mei@welt.example, thief@x.example',
    'Mei <mei@welt.example>',
    '"mei"@welt.example',
    'mei@welt.example>',
    'mei',
    '',
  ])('is not addressed to %p', (address) => {
    expect(smtpChannel.address.safeParse(address).success).toBe(false);
  });

  it.each([
    { name: 'a name of two lines', settings: { fromName: 'Welt\r\nBcc: thief@x.example' } },
    { name: 'a password that goes in the clear', settings: { host: 'mail.example' } },
    { name: 'half a login', settings: { pass: undefined } },
    { name: 'half a key', settings: { dkimDomain: 'chain.example' } },
  ])('is not sent with $name', ({ settings }) => {
    const { raw } = new Trial(subject);
    const parsed = smtpChannel.settings.safeParse({ ...raw, ...settings });
    expect(parsed.success).toBe(false);
    expect(parsed.error?.message).not.toContain(PASS);
  });

  it('asks for news of what goes wrong later, where the server can', async () => {
    await mailOf();
    expect(server.envelopes[0]).toMatchObject({
      dsn: { ret: 'HDRS', envid: '0190b6b2-7f3a-4c1d-8e2f-000000000001' },
      rcptTo: [{ dsn: { notify: ['FAILURE', 'DELAY'] } }],
    });
  });

  it('is signed for its domain, and says where to unsubscribe', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { parsed } = await mailOf(
      {},
      {
        dkimDomain: 'chain.example',
        dkimSelector: 'welt',
        dkimPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        unsubscribeUrl: 'https://chain.example/messages',
      },
    );
    const { line } = parsed.headerLines.find(({ key }) => key === 'dkim-signature')!;
    expect(line).toMatch(/d=chain\.example;\s[^;]*;\ss=welt;/);
    expect(parsed.headerLines.find(({ key }) => key === 'list-unsubscribe')!.line).toContain(
      '<https://chain.example/messages>',
    );
  });

  it('is not trusted to a server that cannot prove its name', async () => {
    const outcome = await new Trial(subject, { security: 'starttls' }).send();
    expect(outcome).toMatchObject({ outcome: 'temporary', because: 'provider' });
    expect(server.attempts).toBe(0);
  });

  it('was not sent if the time is up before it is written', async () => {
    const trial = new Trial(subject);
    const timeIsUp = new AbortController();
    const outcome = trial.send(trial.message(), timeIsUp.signal);
    timeIsUp.abort();
    expect(await outcome).toMatchObject({ outcome: 'temporary' });
    expect(server.messages).toHaveLength(0);
  });

  it('was not sent if nobody knows the server', async () => {
    const settings = { host: 'mail.invalid', security: 'starttls' };
    expect(await new Trial(subject, settings).send()).toMatchObject({
      outcome: 'temporary',
      because: 'provider',
      code: 'EDNS',
    });
  });

  it('tells no password that a server repeats', async () => {
    server.answerAt('auth', 535, `5.7.8 ${USER} is not ${PASS}`);
    expect(await new Trial(subject).send()).toMatchObject({
      message: expect.stringContaining('(secret)'),
    });
  });
});
