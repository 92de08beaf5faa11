import { createHmac } from 'node:crypto';

import { isSameSecret } from '../constant-time.ts';

/**
 * Signature of a form that is posted to `url`: over the address and each field with its value, by name.
 *
 * Source: Twilio, "Webhooks security".
 */
export function twilioSignature(authToken: string, url: string, form: URLSearchParams): string {
  const fields = Array.from(form, ([name, value]) => name + value);
  const sorted = Array.from(new Set(fields)).sort();
  return createHmac('sha1', authToken)
    .update(url + sorted.join(''))
    .digest('base64');
}

const ADDRESS = /^(https?):\/\/([^/:?]+)(?::\d+)?(.*)$/;
const USUAL_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** Whether it signed the form, with the address as it is, without its port, or with the usual one. */
export function isSignedByTwilio(
  authToken: string,
  url: string,
  form: URLSearchParams,
  given: string,
): boolean {
  const [, scheme = '', host = '', rest = ''] = ADDRESS.exec(url) ?? [];
  const withoutPort = `${scheme}://${host}${rest}`;
  const withPort = `${scheme}://${host}:${USUAL_PORTS[scheme] ?? ''}${rest}`;
  return [url, withoutPort, withPort]
    .map((address) => isSameSecret(given, twilioSignature(authToken, address, form)))
    .includes(true);
}
