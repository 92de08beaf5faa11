import type { NodemailerError } from 'nodemailer';

import { failed, withoutSecrets, type Failure, type Meaning } from '../outcomes.ts';

/** By nodemailer's own codes, of failures during which the server said nothing. Others may be over later. */
const WITHOUT_REPLY: Readonly<Record<string, Meaning>> = {
  /** No server would take it: an address of letters that the server does not know. */
  EENVELOPE: 'recipient',
  EAUTH: 'configuration',
  ENOAUTH: 'configuration',
  ECONFIG: 'configuration',
};

/** Policy of the receiving side (RFC 3463, section 3.8): it is about who sends, not about who receives. */
const ABOUT_THE_SENDER = /^5\d\d[ -]5\.7\.\d/;
const AUTHENTICATION_REQUIRED = 530;

/**
 * What became of a mail whose sending failed.
 *
 * @param isHandedOver all of it was written. Without a reply nobody knows whether the server has it:
 *   the error itself does not tell a connection that closed then from one that closed before.
 */
export function mailFailure(
  error: NodemailerError,
  isHandedOver: boolean,
  secrets: readonly (string | undefined)[],
): Failure {
  const { code = 'UNKNOWN', responseCode, response } = error;
  if (responseCode === undefined) {
    const meaning = isHandedOver ? 'ambiguous' : (WITHOUT_REPLY[code] ?? 'provider');
    const message = isHandedOver
      ? 'no reply came to the whole mail'
      : 'the mail was not handed over';
    return failed(meaning, { code, message });
  }
  return failed(meaningOfReply(error), {
    code: String(responseCode),
    message: withoutSecrets(response ?? '', secrets),
  });
}

/** A reply is a "no" for now (4xx) or for good (5xx); to what, the command tells. */
function meaningOfReply({
  responseCode = 0,
  response = '',
  permanent,
  command,
}: NodemailerError): Meaning {
  if (responseCode < 500 || permanent === false) return 'provider';
  if (responseCode === AUTHENTICATION_REQUIRED) return 'configuration';
  switch (command) {
    case 'RCPT TO':
      return ABOUT_THE_SENDER.test(response) ? 'configuration' : 'recipient';
    case 'DATA':
      return 'content';
    default:
      return 'configuration';
  }
}
