import { createTransport, type SendMailOptions, type SMTPTransportOptions } from 'nodemailer';

import type { NodemailerError } from 'nodemailer';
import { portOf, type SmtpSettings } from './settings.ts';

const STEP_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 25_000;

/** What became of handing a mail over. */
export type HandOver =
  | { readonly ok: true; readonly messageId: string }
  | { readonly ok: false; readonly error: NodemailerError; readonly isHandedOver: boolean };

/**
 * Hands one mail over, on a connection of its own, which is gone when the signal aborts. Never throws.
 *
 * The connection tells of itself by its log alone: an entry about `message` stands there as soon as the
 * whole mail, with the dot at its end, has been written.
 */
export async function handOver(
  settings: SmtpSettings,
  mail: SendMailOptions,
  signal: AbortSignal,
): Promise<HandOver> {
  const progress = { isHandedOver: false };
  const notice = (entry: unknown): void => {
    if ((entry as { tnx?: string }).tnx === 'message') progress.isHandedOver = true;
  };
  const logger = {
    trace: ignore,
    debug: ignore,
    info: notice,
    warn: ignore,
    error: ignore,
    fatal: ignore,
  };
  try {
    const { messageId } = await transportTo(settings, logger).sendMail({ ...mail, signal });
    return { ok: true, messageId };
  } catch (error) {
    return { ok: false, error: error as NodemailerError, isHandedOver: progress.isHandedOver };
  }
}

const ignore = (): void => undefined;

/** Whether the server lets us in. */
export const greet = (settings: SmtpSettings): Promise<true> => transportTo(settings).verify();

const transportTo = (settings: SmtpSettings, logger?: SMTPTransportOptions['logger']) =>
  createTransport({
    host: settings.host,
    port: portOf(settings),
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    ignoreTLS: settings.security === 'none',
    ...authOf(settings),
    ...(settings.ehloName === undefined ? {} : { name: settings.ehloName }),
    ...dkimOf(settings),
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    dnsTimeout: STEP_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(logger === undefined ? {} : { logger }),
  });

const authOf = ({ user, pass }: SmtpSettings): Pick<SMTPTransportOptions, 'auth'> =>
  user === undefined || pass === undefined ? {} : { auth: { user, pass } };

const dkimOf = ({
  dkimDomain: domainName,
  dkimSelector: keySelector,
  dkimPrivateKey: privateKey,
}: SmtpSettings): Pick<SMTPTransportOptions, 'dkim'> =>
  domainName === undefined || keySelector === undefined || privateKey === undefined
    ? {}
    : { dkim: { domainName, keySelector, privateKey } };
