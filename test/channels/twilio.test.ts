import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { MessageContent } from '../../src/channels/channel.ts';
import { twilioChannel } from '../../src/channels/twilio/twilio.channel.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { type FakeTwilio, SERVICE_SID } from './fakes/twilio.ts';
import {
  clock,
  PHONE,
  smsFake,
  smsSubject,
  whatsappFake,
  whatsappSubject,
} from './subjects/twilio.ts';

describe('SMS', () => {
  runChannelContract(smsSubject);
});

describe('WhatsApp', () => {
  runChannelContract(whatsappSubject);
});

describe('a message by Twilio', () => {
  beforeAll(async () => {
    await Promise.all([smsFake.start(), whatsappFake.start()]);
  });
  afterAll(async () => {
    await Promise.all([smsFake.stop(), whatsappFake.stop()]);
  });
  beforeEach(() => {
    startAnew(smsSubject);
    startAnew(whatsappSubject);
  });

  const photo = { url: 'https://welt.example/p/1.jpg', caption: 'the sole' };
  const textOf = async (subject: ContractSubject, content: Partial<MessageContent>) => {
    const trial = new Trial(subject);
    await trial.send(trial.message(content));
    return (subject.fake as FakeTwilio).messages[0]!.text;
  };

  it('says it shortly by SMS, and keeps the link whole', async () => {
    const link = 'https://welt.example/o/1';
    const text = await textOf(smsSubject, { short: 'x'.repeat(3000), link, photo });
    expect(text).toHaveLength(1600);
    expect(text.endsWith(`…\n\n${link}`)).toBe(true);
  });

  it('says all of it by WhatsApp, with its photo', async () => {
    expect(await textOf(whatsappSubject, { title: 'T', text: 'all', link: null, photo })).toBe(
      `T\n\nall [${photo.url}]`,
    );
  });

  it('goes as a template outside of the window, with values in one line', async () => {
    whatsappFake.closeGrants();
    const trial = new Trial(whatsappSubject);
    expect(trial.ways()).toEqual([
      { name: 'text', grant: { is: 'window' } },
      { name: 'template', grant: null },
    ]);
    const message = trial.message({ fields: { items: 'AJ1\n\n深度  清洁' } }, { way: 'template' });
    expect(await trial.send(message)).toMatchObject({ outcome: 'accepted' });
    expect(whatsappFake.messages[0]!.text).toContain('AJ1 深度 清洁 | 人民广场店 | ');
  });

  it('has no template for a kind that none is bound to', () => {
    const { settings } = new Trial(whatsappSubject);
    const { channel } = whatsappSubject;
    expect(channel.ways(settings, 'order.booked').map(({ name }) => name)).toEqual(['text']);
  });

  it.each([
    { name: 'in an hour', usefulForMs: 3_600_000, validitySec: '3600' },
    { name: 'in a week', usefulForMs: 604_800_000, validitySec: '36000' },
    { name: 'already', usefulForMs: -5000, validitySec: '1' },
  ])('is not delivered after it is of no use: $name', async ({ usefulForMs, validitySec }) => {
    const trial = new Trial(smsSubject);
    await trial.send(trial.message({}, { usefulUntil: CONTRACT_START + usefulForMs }));
    const form = new URLSearchParams(smsFake.requests[0]!.body.toString());
    expect(form.get('ValidityPeriod')).toBe(validitySec);
  });

  it('may come from a messaging service, signed to with the auth token', async () => {
    const trial = new Trial(smsSubject, {
      from: undefined,
      messagingServiceSid: SERVICE_SID,
      apiKeySid: undefined,
      apiKeySecret: undefined,
    });
    expect(await trial.send()).toMatchObject({ outcome: 'accepted' });
  });

  it.each([
    { name: 'no sender', change: { from: undefined }, field: 'from' },
    { name: 'two senders', change: { messagingServiceSid: SERVICE_SID }, field: 'from' },
    { name: 'half a key', change: { apiKeySid: undefined }, field: 'apiKeySecret' },
    {
      name: 'an underscore in the host',
      change: { publicCallbackUrl: 'https://welt_1.example/x' },
      field: 'publicCallbackUrl',
    },
    {
      name: 'a query',
      change: { publicCallbackUrl: 'https://welt.example/x?y=1' },
      field: 'publicCallbackUrl',
    },
  ])('is refused settings with $name', ({ change, field }) => {
    const { raw } = new Trial(smsSubject);
    const parsed = twilioChannel.settings.safeParse({ ...raw, ...change });
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });

  it('is found by its words among others to the number, also as a template', async () => {
    const trial = new Trial(whatsappSubject);
    await trial.send(trial.message({ text: 'another' }));
    const message = trial.message({}, { way: 'template' });
    const composed = trial.compose(message);
    if (!composed.ok) throw new Error('not composed');
    await trial.send(message);
    clock.advance(30_000);
    const lookUp = (text: string, firstAttemptAt = message.firstAttemptAt) =>
      twilioChannel.lookUp!(
        twilioChannel.settings.parse(trial.raw),
        { ...message, address: PHONE, firstAttemptAt, shown: { title: null, text } },
        trial.context(),
      );
    const { ref } = whatsappFake.messages[1]!;
    expect(await lookUp(composed.shown.text)).toEqual({
      found: true,
      providerRef: ref,
      status: 'sent',
    });
    expect(await lookUp('nobody said so')).toEqual({ found: false });
    expect(await lookUp(composed.shown.text, clock.now() + 120_000)).toEqual({ found: false });
  });
});
