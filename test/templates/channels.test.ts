import { describe, expect, it } from 'vitest';

import type { Channel, OutgoingMessage } from '../../src/channels/channel.ts';
import { CHANNELS } from '../../src/channels/channels.ts';
import { ALL_MESSAGE_KINDS, ruleOf, type MessageKind } from '../../src/core/messages/kinds.ts';
import { LANGUAGES } from '../../src/features/templates/languages.ts';
import { Words } from '../../src/features/templates/words.ts';
import { aScene, FULL_DETAILS, item, type Scene } from './facts.ts';
import { SAMPLE_ACCOUNTS } from './sample-accounts.ts';

const words = Words.of([]);
const LOCALES = LANGUAGES.map(({ locale }) => locale);
const SCENES: readonly Scene[] = [
  { details: FULL_DETAILS },
  { customer: null, orderLink: null },
  { items: Array.from({ length: 50 }, () => item('👟'.repeat(40), 100)) },
];

/** An account with the channel that it is of, and its settings as the channel reads them. */
const ACCOUNTS = SAMPLE_ACCOUNTS.map(({ name, settings, address }) => {
  const channel = channelNamed(name);
  return {
    ...{ name, channel, settings: channel.settings.parse(settings) },
    address: channel.address.parse(address),
  };
});

function channelNamed(name: string): Channel {
  const channel = CHANNELS.find(({ descriptor }) => descriptor.name === name);
  if (channel === undefined) throw new Error(`there is no channel ${name}`);
  return channel;
}

it('has an account of every channel', () => {
  const names = CHANNELS.map(({ descriptor }) => descriptor.name);
  expect(names.length).toBeGreaterThan(0);
  expect([...new Set(SAMPLE_ACCOUNTS.map(({ name }) => name))].sort()).toEqual(names.sort());
});

describe.each(ACCOUNTS)('a message on $name', ({ channel, settings, address }) => {
  const message = (
    kind: MessageKind,
    locale: string,
    way: string,
    scene: Scene,
  ): OutgoingMessage<unknown> => ({
    deliveryId: '01a20385-5bd6-7348-bf6b-03816a7d24bf',
    firstAttemptAt: 0,
    address,
    way,
    content: words.contentFor(kind, locale, aScene(scene)),
    usefulUntil: 0,
  });

  it.each(LOCALES.flatMap((locale) => ALL_MESSAGE_KINDS.map((kind) => ({ kind, locale }))))(
    'can be $kind in $locale',
    ({ kind, locale }) => {
      const ways = channel.ways(settings, ruleOf(kind).name);
      expect(ways.length).toBeGreaterThan(0);
      for (const { name: way } of ways) {
        for (const scene of SCENES) {
          const composed = channel.compose(settings, message(kind, locale, way, scene));
          expect(composed).toMatchObject({ ok: true });
          const shown = composed.ok ? composed.shown : { title: null, text: '' };
          expect(shown.text.trim()).not.toBe('');
          const said = `${shown.title ?? ''}${shown.text}`;
          expect(said).not.toMatch(/[{}]|undefined|null/);
          // Half of a character.
          expect(said).not.toMatch(/\p{Cs}|\ufffd/u);
        }
      }
    },
  );
});
