import { expect } from 'vitest';

import type { SendOutcome } from '../../../src/channels/channel.ts';
import { STALLING, type Fault, type FaultOutcome } from '../fakes/contract-fake.ts';
import type { Check, ContractSubject, OutcomeCase } from './subject.ts';
import { inTime, Trial } from './trial.ts';

/** What a channel says when the provider refuses, breaks down or cannot be reached. */
export function faultChecks(subject: ContractSubject): readonly Check[] {
  const { channel, fake, cases } = subject;
  const { idempotency } = channel.descriptor.capabilities;
  return [
    ...cases.map((given) => ({
      id: 'CK-07',
      name: given.name,
      run: () => outcomeOf(subject, given),
    })),
    ...(fake.canAnswer ? serverFaults(subject) : []),
    ...(fake.canRefuse
      ? [{ id: 'CK-10', name: 'refused connections', run: () => refused(subject) }]
      : []),
    ...Object.entries(fake.faults).map(([fault, expected]) => ({
      id: fault === 'tellTale' ? 'CK-24' : fault === 'redirect' ? 'CK-29' : 'CK-11',
      name: fault,
      run: () => afterFault(subject, fault as Fault, expected),
    })),
    ...(idempotency.is === 'key' && 'resetAfterBody' in fake.faults
      ? [{ id: 'CK-12', name: 'a repeat is recognised', run: () => repeated(subject) }]
      : []),
    ...(idempotency.is === 'lookUp'
      ? [{ id: 'CK-12', name: 'it can be looked up', run: () => lookedUp(subject) }]
      : []),
  ];
}

async function outcomeOf(subject: ContractSubject, given: OutcomeCase): Promise<void> {
  if (typeof given.answer === 'function') given.answer();
  else subject.fake.failNext(given.answer);
  expect(await new Trial(subject).send()).toMatchObject(given.outcome);
  if (given.outcome.outcome !== 'accepted') expect(subject.fake.messages).toHaveLength(0);
  expect(subject.fake.attempts).toBeLessThanOrEqual(1);
}

function serverFaults(subject: ContractSubject): readonly Check[] {
  const { unknownCode } = subject;
  const { is } = subject.channel.descriptor.capabilities.idempotency;
  const gateway =
    is === 'key' ? 'temporary' : is === 'replace' ? /temporary|ambiguous/ : 'ambiguous';
  const outcomes = { 500: 'temporary', 503: 'temporary', 502: gateway, 504: gateway };
  const unknown = { outcome: 'permanent', because: 'content', ...unknownCode?.outcome } as const;
  return [
    ...Object.entries(outcomes).map(([status, outcome]) => ({
      id: 'CK-07',
      name: `status ${status}`,
      run: () => ofStatus(subject, Number(status), outcome),
    })),
    {
      id: 'CK-08',
      name: 'an unknown code is not accepted',
      run: () => {
        expect(unknownCode).toBeDefined();
        const { answer } = unknownCode!;
        return outcomeOf(subject, { name: 'unknown', answer, outcome: unknown });
      },
    },
  ];
}

async function ofStatus(
  subject: ContractSubject,
  status: number,
  expected: string | RegExp,
): Promise<void> {
  subject.fake.failNext({ status, body: 'upstream' });
  const { outcome } = await new Trial(subject).send();
  expect(outcome).toMatch(expected);
  expect(subject.fake.attempts).toBe(1);
}

async function refused(subject: ContractSubject): Promise<void> {
  const trial = new Trial(subject);
  await subject.fake.refuse();
  const outcome = await trial.send();
  await subject.fake.accept();
  expect(outcome).toMatchObject({ outcome: 'temporary', because: 'provider' });
  expect(subject.fake.messages).toHaveLength(0);
}

async function afterFault(
  subject: ContractSubject,
  fault: Fault,
  expected: FaultOutcome,
): Promise<void> {
  const outcome = await sendInto(fault, new Trial(subject));
  if (expected === 'notAccepted') expect(outcome.outcome).not.toBe('accepted');
  else expect(outcome).toMatchObject({ outcome: expected });
  if (fault === 'invalidJson') expect(outcome).toMatchObject({ code: 'BAD_RESPONSE' });
  // It makes one attempt and follows nothing: repeating is the engine's.
  expect(subject.fake.attempts).toBe(1);
}

/** One attempt during which the fault happens; time is up as soon as it hangs. */
async function sendInto(
  fault: Fault,
  trial: Trial,
  message = trial.message(),
): Promise<SendOutcome> {
  const { fake } = trial.subject;
  const timeIsUp = new AbortController();
  const stalled = STALLING.has(fault) ? fake.stalled() : null;
  fake.failNext(fault);
  const sending = trial.send(message, timeIsUp.signal);
  if (stalled !== null) {
    await inTime(Promise.race([stalled, sending]), `waiting for ${fault}`);
    timeIsUp.abort(new DOMException('time is up', 'TimeoutError'));
  }
  return sending;
}

async function repeated(subject: ContractSubject): Promise<void> {
  const trial = new Trial(subject);
  const message = trial.message();
  await sendInto('resetAfterBody', trial, message);
  expect(await trial.send(message)).toMatchObject({ outcome: 'accepted' });
  expect(subject.fake.messages).toHaveLength(1);
}

async function lookedUp(subject: ContractSubject): Promise<void> {
  const { channel, fake, clock } = subject;
  const { idempotency } = channel.descriptor.capabilities;
  const trial = new Trial(subject);
  const lookUp = async (fault: Fault) => {
    const message = trial.message();
    const composed = trial.compose(message);
    if (!composed.ok) throw new Error(composed.error.code);
    await sendInto(fault, trial, message);
    if (idempotency.is === 'lookUp') clock.advance(idempotency.afterSec[0]! * 1000);
    const { deliveryId, address, firstAttemptAt } = message;
    const sent = { deliveryId, address, firstAttemptAt, shown: composed.shown };
    const found = await inTime(
      channel.lookUp!(trial.settings, sent, trial.context()),
      'the look-up',
    );
    trial.expectDiscreet(found);
    return found;
  };
  expect(await lookUp('resetAfterHeaders')).toEqual({ found: false });
  const found = await lookUp('resetAfterBody');
  expect(found).toMatchObject({ found: true });
  // Not every provider tells its id when it is asked.
  if (found.found === true && found.providerRef !== null) {
    expect(found.providerRef).toBe(fake.messages[0]!.ref);
  }
  await fake.refuse();
  const message = trial.message();
  const sent = { ...message, shown: { title: null, text: message.content.short } };
  const unknown = await channel.lookUp!(trial.settings, sent, trial.context());
  await fake.accept();
  expect(unknown).toMatchObject({ found: 'unknown' });
}
