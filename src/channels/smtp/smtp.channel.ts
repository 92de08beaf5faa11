import type { NodemailerError, SendMailOptions } from 'nodemailer';

import type { CalendarPart, Channel, ChannelDescriptor, OutgoingMessage } from '../channel.ts';
import { codePoints, fitText } from '../fit-text.ts';
import { failed } from '../outcomes.ts';
import { asParagraphs } from '../paragraphs.ts';
import { mailHtml } from './mail-html.ts';
import { mailFailure } from './mail-outcome.ts';
import { greet, handOver } from './mail-server.ts';
import { SMTP_FIELDS, SmtpAddress, SmtpSettings } from './settings.ts';

/** Programs that show mails cut a subject long before. */
const MOST_SUBJECT = 150;
/** Far below what any server takes, far above what a message says. */
const MOST_TEXT = 100_000;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'smtp',
  reaches: 'email',
  audience: 'both',
  capabilities: {
    idempotency: { is: 'none' },
    receipts: 'none',
    inbound: false,
    calendar: true,
    photo: true,
    approvedTemplates: false,
  },
  rates: [],
  timeoutMs: 30_000,
  settings: SMTP_FIELDS,
};

interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly calendar: CalendarPart | null;
}

/** Mails by way of a mail server. A mail that could not be delivered comes back as a mail, to the sender's address. */
export const smtpChannel: Channel<SmtpSettings, string, Mail> = {
  descriptor: DESCRIPTOR,
  settings: SmtpSettings,
  address: SmtpAddress,
  addressKey: (address) => address,
  ways: () => [{ name: 'mail', grant: null }],

  compose: (_settings, { content }) => {
    const { title, calendar } = content;
    const subject = fitText(title.replace(/[\s\p{Cc}]+/gu, ' ').trim(), MOST_SUBJECT, codePoints);
    const body = { ...content, title: subject, text: fitText(content.text, MOST_TEXT) };
    const text = asParagraphs({ ...body, title: '' });
    const payload = { subject, text, html: mailHtml(body), calendar };
    return { ok: true, payload, shown: { title: subject, text } };
  },

  send: async (settings, message, payload, { signal }) => {
    if (signal.aborted)
      return failed('provider', { code: 'DEADLINE', message: 'nothing was sent' });
    const handed = await handOver(settings, mailOf(settings, message, payload), signal);
    return handed.ok
      ? { outcome: 'accepted', providerRef: handed.messageId }
      : mailFailure(handed.error, handed.isHandedOver, secretsOf(settings));
  },

  verify: async (settings) => {
    try {
      await greet(settings);
      return { ok: true };
    } catch (error) {
      const { code, message } = mailFailure(error as NodemailerError, false, secretsOf(settings));
      return { ok: false, code, message };
    }
  },
};

const secretsOf = ({ user, pass }: SmtpSettings): readonly (string | undefined)[] => [user, pass];

function mailOf(
  { fromName = '', fromAddress, replyTo, unsubscribeUrl }: SmtpSettings,
  { address, deliveryId, content }: OutgoingMessage<string>,
  { subject, text, html, calendar }: Mail,
): SendMailOptions {
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
  return {
    from: { name: fromName, address: fromAddress },
    to: { name: '', address },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    ...(unsubscribeUrl === undefined ? {} : { list: { unsubscribe: { url: unsubscribeUrl } } }),
    messageId: `<${deliveryId}@${domain}>`,
    headers: {
      'X-Delivery-Id': deliveryId,
      'Auto-Submitted': 'auto-generated',
      'Content-Language': content.locale,
    },
    subject,
    text,
    html,
    ...(calendar === null ? {} : { icalEvent: { ...calendar, filename: 'appointment.ics' } }),
    dsn: {
      id: deliveryId,
      return: 'headers',
      notify: ['failure', 'delay'],
      recipient: `rfc822;${address}`,
    },
  };
}
