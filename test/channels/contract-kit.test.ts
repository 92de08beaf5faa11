import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { TestClock } from '../support/test-clock.ts';
import { plantedChannel, type Plant } from './contract/planted-channel.ts';
import type { ContractSubject } from './contract/subject.ts';
import { CONTRACT_START, contractChecks, runChannelContract, startAnew } from './contract-kit.ts';
import { PlainProvider, plainSignature } from './fakes/plain-provider.ts';

const SECRET = 'secret-of-one';
const RECEIPT = '{"id":"1029457500870543736","status":"delivered"}';

const clock = new TestClock(CONTRACT_START);
const fake = new PlainProvider(clock);

const subjectOf = (plant: Plant | null): ContractSubject => ({
  channel: plantedChannel(plant),
  fake,
  clock,
  settings: (url) => ({ baseUrl: url, account: 'one', secret: SECRET }),
  address: 'u1',
  recipient: 'u1',
  wrongCredentials: {
    settings: { secret: 'a wrong secret' },
    outcome: { outcome: 'permanent', because: 'configuration' },
  },
  otherAccount: { account: 'two', secret: 'secret-of-two' },
  cases: [
    {
      name: 'too long',
      answer: { status: 400, body: { code: 'TOO_LONG' } },
      outcome: { outcome: 'permanent', because: 'content' },
    },
  ],
  unknownCode: { answer: { status: 418, body: { code: 'TEAPOT' } } },
  callbacks: {
    genuine: [
      {
        name: 'a receipt',
        request: () => signed(SECRET),
        events: [{ is: 'receipt', status: 'delivered', providerRef: '1029457500870543736' }],
        isBodySigned: true,
      },
    ],
    forged: [{ name: 'signed with another secret', request: () => signed('another') }],
  },
});

const signed = (secret: string) => ({
  method: 'POST',
  url: 'https://welt.example/callbacks/plain',
  headers: { 'x-signature': plainSignature(secret, RECEIPT) },
  body: Buffer.from(RECEIPT),
});

runChannelContract(subjectOf(null));

/** Whether one of the checks of this id refuses the channel. */
async function isCaught(subject: ContractSubject, by: string): Promise<boolean> {
  for (const { run } of contractChecks(subject).filter(({ id }) => id === by)) {
    startAnew(subject);
    try {
      await run();
    } catch {
      return true;
    }
  }
  return false;
}

describe('the contract kit', () => {
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());

  it.each<{ plant: Plant; caughtBy: string }>([
    { plant: 'throws when it gets no answer', caughtBy: 'CK-11' },
    { plant: 'takes no answer for yes', caughtBy: 'CK-11' },
    { plant: 'takes a reset for no', caughtBy: 'CK-11' },
    { plant: 'takes what it cannot read for yes', caughtBy: 'CK-11' },
    { plant: 'repeats on its own account', caughtBy: 'CK-11' },
    { plant: 'tells its token', caughtBy: 'CK-05' },
    { plant: 'tells what the provider says', caughtBy: 'CK-24' },
    { plant: 'cuts characters', caughtBy: 'CK-14' },
    { plant: 'sends what is too long', caughtBy: 'CK-14' },
    { plant: 'believes forged receipts', caughtBy: 'CK-16' },
    { plant: 'breaks on a bad receipt', caughtBy: 'CK-19' },
    { plant: 'numbers receipts anew', caughtBy: 'CK-17' },
    { plant: 'sends no key', caughtBy: 'CK-01' },
    { plant: 'sends a key of its own', caughtBy: 'CK-12' },
    { plant: 'reads ids as numbers', caughtBy: 'CK-01' },
    { plant: 'takes unknown codes for yes', caughtBy: 'CK-08' },
    { plant: 'keeps a refused token', caughtBy: 'CK-05' },
    { plant: 'shares its token between accounts', caughtBy: 'CK-30' },
    { plant: 'starts after the deadline', caughtBy: 'CK-13' },
    { plant: 'ignores that time is up', caughtBy: 'CK-11' },
    { plant: 'follows redirects', caughtBy: 'CK-29' },
    { plant: 'takes any setting', caughtBy: 'CK-02' },
    { plant: 'tells a bad setting', caughtBy: 'CK-02' },
    { plant: 'composes by chance', caughtBy: 'CK-33' },
    { plant: 'sends to somebody else', caughtBy: 'CK-01' },
    { plant: 'sends when it is verified', caughtBy: 'CK-25' },
  ])('catches a channel that $plant', async ({ plant, caughtBy }) => {
    expect(await isCaught(subjectOf(plant), caughtBy)).toBe(true);
  });
});
