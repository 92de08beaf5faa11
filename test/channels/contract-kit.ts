import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';

import { callbackChecks } from './contract/callback-checks.ts';
import { faultChecks } from './contract/fault-checks.ts';
import { sendingChecks } from './contract/sending-checks.ts';
import { settingsChecks } from './contract/settings-checks.ts';
import type { Check, ContractSubject } from './contract/subject.ts';

/** When every check begins. */
export const CONTRACT_START = Date.parse('2026-11-22T01:02:03Z');

/** All that is required of a channel with these capabilities. What it cannot do is not asked of it. */
export const contractChecks = (subject: ContractSubject): readonly Check[] => [
  ...settingsChecks(subject),
  ...sendingChecks(subject),
  ...faultChecks(subject),
  ...callbackChecks(subject),
];

/** Registers the contract of a channel as tests. The fake is started and stopped here. */
export function runChannelContract(subject: ContractSubject): void {
  describe(`contract of ${subject.channel.descriptor.name}`, () => {
    beforeAll(() => subject.fake.start());
    afterAll(() => subject.fake.stop());
    beforeEach(() => {
      startAnew(subject);
    });

    it.each(contractChecks(subject).map(({ id, name, run }) => ({ id, name, run })))(
      '$id $name',
      async ({ run }) => {
        await run();
      },
    );
  });
}

/** Before each check: the same instant, a fake that remembers nothing. */
export function startAnew({ fake, clock }: ContractSubject): void {
  clock.set(CONTRACT_START);
  fake.reset();
}
