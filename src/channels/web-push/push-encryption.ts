import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

const CURVE = 'prime256v1';
const SALT_BYTES = 16;
const RECORD_BYTES = 4096;
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const INPUT_KEY_BYTES = 32;
/** After the last byte of the only record. */
const END_OF_RECORD = Buffer.from([2]);

/** What a browser gave out with its subscription, in base64url. */
export interface PushKeys {
  /** Public key: a point of P-256, uncompressed. */
  readonly p256dh: string;
  readonly auth: string;
}

/** What must never be used twice. */
export interface OneTimeKeys {
  readonly salt: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** The most bytes of a payload with which a body has 4,096, which is what every push service takes. */
export const MOST_PAYLOAD_BYTES = 3993;

export function newOneTimeKeys(): OneTimeKeys {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  // Without leading zeros the key can be shorter than the curve wants it to be said.
  const privateKey = Buffer.concat([Buffer.alloc(INPUT_KEY_BYTES), pair.getPrivateKey()]);
  return { salt: randomBytes(SALT_BYTES), privateKey: privateKey.subarray(-INPUT_KEY_BYTES) };
}

/**
 * A payload that only the browser can read, as the body of a request.
 *
 * @throws Error if the browser's key is no point of the curve
 * Source: RFC 8291, section 3.4; RFC 8188, section 2.
 */
export function encryptForBrowser(
  payload: string,
  { p256dh, auth }: PushKeys,
  { salt, privateKey }: OneTimeKeys,
): Buffer {
  const own = createECDH(CURVE);
  own.setPrivateKey(privateKey);
  const ownPublic = own.getPublicKey();
  const theirs = Buffer.from(p256dh, 'base64url');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ownPublic]);
  const secret = own.computeSecret(theirs);
  const input = derived(Buffer.from(auth, 'base64url'), secret, info, INPUT_KEY_BYTES);
  const key = derived(salt, input, Buffer.from('Content-Encoding: aes128gcm\0'), KEY_BYTES);
  const nonce = derived(salt, input, Buffer.from('Content-Encoding: nonce\0'), NONCE_BYTES);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const plain = Buffer.concat([Buffer.from(payload), END_OF_RECORD]);
  const sealed = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([headerOf(salt, ownPublic), ...sealed]);
}

const derived = (salt: Uint8Array, input: Uint8Array, info: Uint8Array, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', input, salt, info, bytes));

function headerOf(salt: Uint8Array, publicKey: Uint8Array): Buffer {
  const sizes = Buffer.alloc(5);
  sizes.writeUInt32BE(RECORD_BYTES);
  sizes.writeUInt8(publicKey.length, 4);
  return Buffer.concat([salt, sizes, publicKey]);
}
