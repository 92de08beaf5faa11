import { z } from 'zod';

import { isEmail } from '../../platform/signin/contact.ts';
import { secretSetting, settingText, shownSetting } from '../account-settings.ts';
import type { SettingField } from '../channel.ts';

/** How a connection is made safe, and the port where servers expect that. */
const USUAL_PORTS = { tls: 465, starttls: 587, none: 25 } as const;

const Email = z.string().refine(isEmail, 'must be an email address in lower case');
/** One line: it goes into the head of a mail. */
const HeadText = settingText.regex(/^\P{Cc}+$/u, 'must be one line');
const HostName = settingText.regex(/^[\w.:-]+$/, 'must be a name or an address');

const OWN_MACHINE = new Set(['127.0.0.1', '::1', 'localhost']);

export const SmtpSettings = z
  .strictObject({
    host: HostName,
    port: z.int().min(1).max(65_535).optional(),
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    user: HeadText.optional(),
    pass: settingText.optional(),
    fromAddress: Email,
    fromName: HeadText.optional(),
    replyTo: Email.optional(),
    ehloName: HostName.optional(),
    dkimDomain: HostName.optional(),
    dkimSelector: HostName.optional(),
    dkimPrivateKey: z.string().startsWith('-----BEGIN ').max(16_384).optional(),
    unsubscribeUrl: z
      .url({ protocol: /^https$/ })
      .max(2048)
      .optional(),
  })
  .refine(({ user, pass }) => (user === undefined) === (pass === undefined), {
    path: ['pass'],
    message: 'user and pass are given together',
  })
  .refine(({ security, pass, host }) => security !== 'none' || !pass || OWN_MACHINE.has(host), {
    path: ['security'],
    message: 'a password is not sent in the clear to another machine',
  })
  .refine(
    ({ dkimDomain, dkimSelector, dkimPrivateKey }) =>
      new Set([dkimDomain, dkimSelector, dkimPrivateKey].map((part) => part === undefined)).size ===
      1,
    { path: ['dkimPrivateKey'], message: 'dkimDomain, dkimSelector and it are given together' },
  );

export type SmtpSettings = z.output<typeof SmtpSettings>;

export const portOf = ({ port, security }: SmtpSettings): number => port ?? USUAL_PORTS[security];

export const SMTP_FIELDS: readonly SettingField[] = [
  shownSetting('host', true, 'Name of the mail server that takes mails for sending.'),
  shownSetting('port', false, 'Its port; 465 for tls, 587 for starttls, 25 for none unless told.'),
  shownSetting('security', false, 'tls, starttls (default; required, not only wished), or none.'),
  secretSetting('user', false, 'User at the mail server.'),
  secretSetting('pass', false, 'Password of the user.'),
  shownSetting('fromAddress', true, 'Address that mails come from.'),
  shownSetting('fromName', false, 'Name that mails come from.'),
  shownSetting('replyTo', false, 'Address that answers go to, if it is another one.'),
  shownSetting('ehloName', false, 'Name that this machine gives to the mail server.'),
  shownSetting('dkimDomain', false, 'Domain that mails are signed for (DKIM).'),
  shownSetting('dkimSelector', false, 'Selector of the DKIM key in the DNS.'),
  secretSetting('dkimPrivateKey', false, 'Private key for DKIM, PEM.'),
  shownSetting('unsubscribeUrl', false, 'Page where a customer says what they want to be sent.'),
];

export const SmtpAddress = Email;
