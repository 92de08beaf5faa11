import { expect } from 'vitest';

import type { Check, ContractSubject } from './subject.ts';
import { Trial } from './trial.ts';

const ACCEPTED = { outcome: 'accepted' };
/** Of many code points: what is left of one that was cut is easily seen. */
const FAMILY = '👨‍👩‍👧';
const PARTS_OF_FAMILY = /[\p{Surrogate}\u200d👨👩👧]/u;
/** Longer than any provider takes. */
const FAMILIES = 3000;
/** What encodings trip over. Short enough for the shortest field. */
const HARD = '鞋"&<%\'\\😀\n新';
const AT_ONCE = 20;

/** What becomes of messages when nothing goes wrong that the provider would not want. */
export function sendingChecks(subject: ContractSubject): readonly Check[] {
  const { channel, fake } = subject;
  const hasSecrets = channel.descriptor.settings.some(({ isSecret }) => isSecret);
  const needsGrant = fake.closeGrants !== undefined;
  const checks: readonly (Check & { readonly applies?: boolean })[] = [
    { id: 'CK-01', name: 'one send is one message', run: () => oneMessage(subject) },
    {
      id: 'CK-04',
      name: 'wrong credentials are told apart',
      run: () => wrongCredentials(subject),
      applies: hasSecrets && fake.canAnswer,
    },
    {
      id: 'CK-05',
      name: 'an expired token is renewed once',
      run: () => expiredToken(subject),
      applies: fake.expireTokens !== undefined,
    },
    {
      id: 'CK-30',
      name: 'accounts share no token',
      run: () => twoAccounts(subject),
      applies: fake.expireTokens !== undefined,
    },
    { id: 'CK-12', name: 'sending twice is as declared', run: () => sendingTwice(subject) },
    { id: 'CK-13', name: 'nothing starts after the deadline', run: () => afterDeadline(subject) },
    { id: 'CK-14', name: 'no character is cut', run: () => longTexts(subject) },
    {
      id: 'CK-22',
      name: 'without a grant nothing goes',
      run: () => withoutGrant(subject),
      applies: needsGrant,
    },
    {
      id: 'CK-25',
      name: 'verifying sends nothing',
      run: () => verifying(subject),
      applies: channel.verify !== undefined,
    },
    { id: 'CK-27', name: 'hard characters survive', run: () => hardCharacters(subject) },
  ];
  return checks.filter(({ applies = true }) => applies);
}

async function oneMessage(subject: ContractSubject): Promise<void> {
  const { fake, recipient, echoOf = (id: string) => id } = subject;
  const trial = new Trial(subject);
  const message = trial.message();
  const outcome = await trial.send(message);
  expect(outcome).toMatchObject(ACCEPTED);
  expect(fake.messages).toHaveLength(1);
  const { echo, ref, recipient: reached, text } = fake.messages[0]!;
  expect(reached).toBe(recipient);
  expect(text).not.toBe('');
  if (fake.echoes) expect(echo).toBe(echoOf(message.deliveryId));
  // CK-26: an id that was read as a number differs in its last digits.
  if (ref !== null) expect(outcome).toMatchObject({ providerRef: ref });
}

async function wrongCredentials(subject: ContractSubject): Promise<void> {
  const wrong = subject.wrongCredentials;
  expect(wrong).toBeDefined();
  const trial = new Trial(subject, wrong!.settings);
  expect(await trial.send()).toMatchObject(wrong!.outcome);
  expect(subject.fake.messages).toHaveLength(0);
}

async function expiredToken(subject: ContractSubject): Promise<void> {
  const { fake } = subject;
  const issued = () => fake.tokensIssued!();
  const trial = new Trial(subject);
  expect(await trial.send()).toMatchObject(ACCEPTED);
  expect(await trial.send()).toMatchObject(ACCEPTED);
  const first = issued();
  fake.expireTokens!();
  expect(await trial.send()).toMatchObject({ outcome: 'temporary', because: 'token' });
  expect(await trial.send()).toMatchObject(ACCEPTED);
  expect(issued()).toBe(first + 1);
  // CK-06: what is dropped is the token that was refused, so a late refusal drops no newer one.
  expect(trial.tokens.refused).toEqual([trial.tokens.given[0]]);

  fake.expireTokens!();
  const outcomes = await Promise.all(
    Array.from({ length: AT_ONCE }, () => trial.sendWithNewToken()),
  );
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(outcomes.map(() => 'accepted'));
  expect(issued()).toBe(first + 2);
}

async function twoAccounts(subject: ContractSubject): Promise<void> {
  expect(subject.otherAccount).toBeDefined();
  const one = new Trial(subject);
  const other = new Trial(subject, subject.otherAccount, one.tokens, subject.otherAddress);
  await one.send();
  await other.send();
  const given = one.tokens.given;
  expect(new Set(given.map(({ key }) => key)).size).toBe(2);
  expect(new Set(given.map(({ token }) => token)).size).toBe(2);
  expect(given.filter(({ key }) => one.secrets().some((secret) => key.includes(secret)))).toEqual(
    [],
  );
}

async function sendingTwice(subject: ContractSubject): Promise<void> {
  const { channel, fake, clock } = subject;
  const { idempotency } = channel.descriptor.capabilities;
  const trial = new Trial(subject);
  const message = trial.message();
  expect(await trial.send(message)).toMatchObject(ACCEPTED);
  clock.advance(5000);
  expect(await trial.send(message)).toMatchObject(ACCEPTED);
  if (idempotency.is === 'key') {
    expect(fake.messages).toHaveLength(1);
    const { content, deliveryId } = message;
    const changed = idempotency.sameBody
      ? trial.message({ ...content, text: `${content.text}!`, short: `${content.short}!` })
      : trial.message();
    expect(changed.deliveryId).not.toBe(deliveryId);
    expect(await trial.send(changed)).toMatchObject(ACCEPTED);
    expect(fake.messages).toHaveLength(2);
  }
  if (idempotency.is === 'replace') {
    const [first, second] = fake.messages.map(({ collapse }) => collapse);
    expect(first).toEqual(expect.any(String));
    expect(second ?? first).toBe(first);
  }
}

async function afterDeadline(subject: ContractSubject): Promise<void> {
  const trial = new Trial(subject);
  const outcome = await trial.send(trial.message(), AbortSignal.abort());
  expect(outcome).toMatchObject({ outcome: 'temporary' });
  expect(subject.fake.messages).toHaveLength(0);
  expect(subject.fake.requestCount).toBe(0);
}

async function longTexts(subject: ContractSubject): Promise<void> {
  const { fake } = subject;
  const trial = new Trial(subject);
  for (const before of ['', 'a', 'ab', 'abc']) {
    const long = before + FAMILY.repeat(FAMILIES);
    const words = ['customer', 'items', 'stage', 'store', 'storeAddress', 'reason'] as const;
    const fields = Object.fromEntries(words.map((name) => [name, long]));
    const message = trial.message({ title: long, text: long, short: long, fields });
    const composed = trial.compose(message);
    if (!composed.ok) {
      expect(composed.error).toMatchObject({ outcome: 'permanent', because: 'content' });
      continue;
    }
    const { title, text } = composed.shown;
    expect(text).not.toBe('');
    expect(await trial.send(message)).toMatchObject(ACCEPTED);
    for (const seen of [title ?? '', text, fake.messages.at(-1)!.text]) {
      expect(PARTS_OF_FAMILY.exec(seen.replaceAll(FAMILY, ''))).toBeNull();
    }
  }
}

async function hardCharacters(subject: ContractSubject): Promise<void> {
  const flat = (text: string) => text.replace(/\s+/gu, ' ');
  const trial = new Trial(subject);
  const fields = { customer: HARD, items: HARD, store: HARD, storeAddress: HARD, reason: HARD };
  const message = trial.message({ title: HARD, text: HARD, short: HARD, fields });
  const composed = trial.compose(message);
  expect(composed).toMatchObject({ ok: true });
  if (composed.ok) expect(flat(JSON.stringify(composed.shown))).not.toBe('');
  expect(await trial.send(message)).toMatchObject(ACCEPTED);
  expect(flat(subject.fake.messages[0]!.text)).toContain(flat(HARD));
}

async function withoutGrant(subject: ContractSubject): Promise<void> {
  subject.fake.closeGrants!();
  const trial = new Trial(subject);
  expect(trial.ways().some(({ grant }) => grant !== null)).toBe(true);
  const outcome = await trial.send();
  expect(outcome).toMatchObject({
    outcome: 'permanent',
    because: expect.stringMatching(/^(consent|window)$/),
  });
  expect(subject.fake.messages).toHaveLength(0);
}

async function verifying(subject: ContractSubject): Promise<void> {
  const { channel, fake, wrongCredentials } = subject;
  const good = new Trial(subject);
  expect(await channel.verify!(good.settings, good.context())).toEqual({ ok: true });
  if (wrongCredentials !== undefined) {
    const bad = new Trial(subject, wrongCredentials.settings);
    const verified = await channel.verify!(bad.settings, bad.context());
    bad.expectDiscreet(verified);
    expect(verified.ok).toBe(false);
  }
  expect(fake.messages).toHaveLength(0);
  expect(fake.attempts).toBe(0);
}
