import { isAbsolute } from 'node:path';
import { z } from 'zod';

import { settingText, shownSetting } from '../account-settings.ts';
import type { Channel, ChannelDescriptor, MessageContent, SendOutcome } from '../channel.ts';
import { failed } from '../outcomes.ts';
import { appendToLog } from './log-file.ts';

const MOST_ADDRESS_CHARS = 500;

const LogSettings = z.strictObject({
  file: settingText.refine(isAbsolute, 'must be the whole path of a file'),
});
type LogSettings = z.output<typeof LogSettings>;

/** Anything that is one line. */
const LogAddress = z
  .string()
  .regex(/^[^\p{Cc}]+$/u)
  .max(MOST_ADDRESS_CHARS);

const DESCRIPTOR: ChannelDescriptor = {
  name: 'log',
  reaches: 'any',
  audience: 'both',
  capabilities: {
    idempotency: { is: 'none' },
    receipts: 'sync',
    inbound: false,
    calendar: true,
    photo: true,
    approvedTemplates: false,
  },
  rates: [],
  timeoutMs: 5000,
  settings: [shownSetting('file', true, 'Whole path of the file that messages are written to.')],
};

/** What only a change of the settings, or of the machine, mends. */
const OF_THE_MACHINE = new Set(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG']);

/** Writes messages to a file for people to read: what a fresh installation does instead of sending. */
export const logChannel: Channel<LogSettings, string, string> = {
  descriptor: DESCRIPTOR,
  settings: LogSettings,
  address: LogAddress,
  addressKey: (address) => address,
  ways: () => [{ name: 'file', grant: null }],

  compose: (_settings, { content }) => ({
    ok: true,
    payload: wordsOf(content),
    shown: { title: content.title, text: content.text },
  }),

  send: async ({ file }, { address, deliveryId }, words, { now, signal }) => {
    if (signal.aborted)
      return failed('provider', { code: 'DEADLINE', message: 'nothing was written' });
    const head = `── ${new Date(now()).toISOString()}  to ${address}  ${deliveryId}`;
    try {
      await appendToLog(file, `${head}\n${words}\n\n`);
      return { outcome: 'accepted', providerRef: null, isDelivered: true };
    } catch (error) {
      return notWritten(error);
    }
  },
};

function wordsOf({ kind, title, text, link, photo, calendar }: MessageContent): string {
  const parts = [
    `${title}  (${kind})`,
    text,
    link === null ? '' : `Link: ${link}`,
    photo === null ? '' : `Photo: ${photo.url} ${photo.caption}`,
    calendar === null ? '' : `Calendar: ${calendar.method}`,
  ];
  const words = parts.filter((part) => part !== '').join('\n');
  // Indented, so that no line of a message can be taken for the head of another one.
  return words.replace(/^(?=.)/gmu, '   ');
}

function notWritten(error: unknown): SendOutcome {
  const { code = 'NOT_WRITTEN' } = error as { code?: string };
  const meaning = OF_THE_MACHINE.has(code) ? 'configuration' : 'provider';
  return failed(meaning, { code, message: 'the file cannot be written' });
}
