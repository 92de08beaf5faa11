import { expect } from 'vitest';

import type { Check, ContractSubject } from './subject.ts';
import { Trial } from './trial.ts';

/** Settings, addresses and ways: what is checked before anything is sent. */
export function settingsChecks(subject: ContractSubject): readonly Check[] {
  const { channel } = subject;
  return [
    {
      id: 'CK-02',
      name: 'every setting is described',
      run: () => {
        everySettingIsDescribed(subject);
      },
    },
    {
      id: 'CK-02',
      name: 'every bad setting is named',
      run: () => {
        badSettingsAreNamed(subject);
      },
    },
    {
      id: 'CK-02',
      name: 'what is missing is named',
      run: () => {
        missingSettingsAreNamed(subject);
      },
    },
    {
      id: 'CK-02',
      name: 'unknown settings are refused',
      run: () => {
        unknownAreRefused(subject);
      },
    },
    {
      id: 'CK-31',
      name: 'addresses are checked and have a key',
      run: () => {
        addresses(subject);
      },
    },
    {
      id: 'CK-32',
      name: 'a kind has ways with names',
      run: () => {
        waysHaveNames(subject);
      },
    },
    ...(channel.descriptor.capabilities.approvedTemplates
      ? [
          {
            id: 'CK-32',
            name: 'a kind without a template',
            run: () => {
              unboundKind(subject);
            },
          },
        ]
      : []),
    {
      id: 'CK-33',
      name: 'composing is pure',
      run: () => {
        composingIsPure(subject);
      },
    },
  ];
}

function everySettingIsDescribed(subject: ContractSubject): void {
  const described = subject.channel.descriptor.settings.map(({ name }) => name);
  expect(new Set(described).size).toBe(described.length);
  expect(described).toEqual(expect.arrayContaining(Object.keys(new Trial(subject).raw)));
}

function badSettingsAreNamed(subject: ContractSubject): void {
  const trial = new Trial(subject);
  const bad = Object.entries(trial.raw).map(([name, value]) => [name, [[value]]]);
  const parsed = subject.channel.settings.safeParse(Object.fromEntries(bad));
  const named = parsed.error?.issues.map(({ path }) => path[0]);
  expect(new Set(named)).toEqual(new Set(Object.keys(trial.raw)));
  trial.expectDiscreet([parsed.error?.message, parsed.error?.issues]);
}

function missingSettingsAreNamed(subject: ContractSubject): void {
  const { raw } = new Trial(subject);
  for (const { name, isRequired } of subject.channel.descriptor.settings) {
    if (!isRequired) continue;
    const rest = Object.entries(raw).filter(([given]) => given !== name);
    const parsed = subject.channel.settings.safeParse(Object.fromEntries(rest));
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([name]);
  }
}

function unknownAreRefused(subject: ContractSubject): void {
  const { raw } = new Trial(subject);
  expect(subject.channel.settings.safeParse({ ...raw, nobodyKnows: '1' }).success).toBe(false);
}

function addresses(subject: ContractSubject): void {
  const { channel, address } = subject;
  const keyOf = () => channel.addressKey(channel.address.parse(structuredClone(address)));
  expect(keyOf()).toBe(keyOf());
  expect(keyOf()).not.toBe('');
  for (const bad of [null, 17, [], { nobody: 'knows' }]) {
    expect({ bad, accepted: channel.address.safeParse(bad).success }).toEqual({
      bad,
      accepted: false,
    });
  }
}

function waysHaveNames(subject: ContractSubject): void {
  const names = new Trial(subject).ways().map(({ name }) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
}

function unboundKind(subject: ContractSubject): void {
  const { channel } = subject;
  const { settings } = new Trial(subject);
  for (const kind of ['no.such.kind', 'constructor', '__proto__']) {
    expect(channel.ways(settings, kind)).toEqual([]);
  }
}

function composingIsPure(subject: ContractSubject): void {
  const trial = new Trial(subject);
  const message = trial.message();
  const first = trial.compose(message);
  subject.clock.advance(61_000);
  expect(first.ok).toBe(true);
  expect(trial.compose(message)).toEqual(first);
}
