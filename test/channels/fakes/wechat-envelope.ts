import { createCipheriv, createHash } from 'node:crypto';

/** The 32-byte key that 43 characters stand for. */
const keyOf = (encodingAesKey: string): Buffer => Buffer.from(`${encodingAesKey}=`, 'base64');

/** As WeChat and WeCom encrypt. @param random16 in hex */
export function sealed(
  encodingAesKey: string,
  text: string,
  id: string,
  random16 = '9dd4e461268c8034f5c8564e155c67a6',
): string {
  const message = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const open = Buffer.concat([Buffer.from(random16, 'hex'), length, message, Buffer.from(id)]);
  const padding = 32 - (open.length % 32);
  const key = keyOf(encodingAesKey);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([open, Buffer.alloc(padding, padding)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}

const sha1OfSorted = (values: readonly string[]): string =>
  createHash('sha1')
    .update([...values].sort().join(''))
    .digest('hex');

/** The query that proves who sent a request. @param signed what it covers besides time and nonce */
export function provenQuery(
  name: 'signature' | 'msg_signature',
  token: string,
  atSec: number,
  signed: readonly string[] = [],
): URLSearchParams {
  const time = String(atSec);
  const nonce = '263014780';
  const signature = sha1OfSorted([token, time, nonce, ...signed]);
  return new URLSearchParams({ [name]: signature, timestamp: time, nonce });
}
