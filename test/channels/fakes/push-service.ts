import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  verify,
  type ECDH,
} from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';
import { STATUS_ALONE_FAULTS } from './status-alone-faults.ts';

const DAY_SEC = 86_400;
const HEADER_BYTES = 86;
const AUTH = Buffer.alloc(16, 9);

interface Notification {
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly tag: string;
}

/** A push service with one browser that is subscribed, together with that browser: it reads what it gets. */
export class FakePushService extends FakeProvider {
  override readonly faults = STATUS_ALONE_FAULTS;
  readonly echoes = false;
  readonly secrets: readonly string[] = [];
  /** As the browser showed them. */
  readonly shown: Notification[] = [];
  private readonly browser: ECDH = createECDH('prime256v1');

  /** @param applicationKey the public key that the page subscribed with */
  constructor(
    clock: FakeProvider['clock'],
    private readonly applicationKey: string,
  ) {
    super(clock);
    this.browser.generateKeys();
  }

  /** What the page was given when it subscribed. */
  subscription(): object {
    const keys = {
      p256dh: this.browser.getPublicKey('base64url'),
      auth: AUTH.toString('base64url'),
    };
    return { endpoint: `${this.url}/push/abc`, expirationTime: null, keys };
  }

  override reset(): void {
    super.reset();
    this.shown.length = 0;
  }

  protected override carriesMessage({ method }: ReceivedRequest): boolean {
    return method === 'POST';
  }

  protected override answer({ path, headers, body }: ReceivedRequest): FakeAnswer {
    if (path !== '/push/abc') return { status: 404 };
    if (!this.isAuthorized(headers.authorization ?? '')) return { status: 403 };
    const ttl = headers.ttl ?? '';
    const isWhole =
      headers['content-encoding'] === 'aes128gcm' &&
      /^\d{1,7}$/.test(ttl) &&
      /^(very-low|low|normal|high)$/.test(headers.urgency ?? '') &&
      /^[\w-]{1,32}$/.test(headers.topic ?? '');
    if (!isWhole) return { status: 400 };
    if (body.length > 4096) return { status: 413 };
    const notification = JSON.parse(this.decrypted(body)) as Notification;
    this.shown.push(notification);
    const text = `${notification.title}\n${notification.body}`;
    this.record({ recipient: path, text, echo: null, ref: null, collapse: headers.topic! });
    return { status: 201, headers: { location: `${this.url}/message/1` } };
  }

  private isAuthorized(authorization: string): boolean {
    const given = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
    if (given === null) return false;
    const [head, claims, signature, key] = given.slice(1) as [string, string, string, string];
    const { aud, exp, sub } = decoded(claims) as { aud: string; exp: number; sub: string };
    const leftSec = exp - this.clock.now() / 1000;
    return (
      key === this.applicationKey &&
      (decoded(head) as { alg: string }).alg === 'ES256' &&
      isSignedBy(key, `${head}.${claims}`, Buffer.from(signature, 'base64url')) &&
      aud === this.url &&
      leftSec > 0 &&
      leftSec <= DAY_SEC &&
      /^(mailto:|https:)/.test(sub)
    );
  }

  /** RFC 8291, section 3.4, from the side of the browser. */
  private decrypted(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, HEADER_BYTES);
    if (body.readUInt8(20) !== 65 || body.readUInt32BE(16) !== 4096) throw new Error('bad header');
    const hkdf = (key: Buffer, by: Buffer, info: Buffer, length: number) =>
      Buffer.from(hkdfSync('sha256', key, by, info, length));
    const context = Buffer.concat([
      Buffer.from('WebPush: info\0'),
      this.browser.getPublicKey(),
      sender,
    ]);
    const input = hkdf(this.browser.computeSecret(sender), AUTH, context, 32);
    const key = hkdf(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = hkdf(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const cipher = createDecipheriv('aes-128-gcm', key, nonce);
    cipher.setAuthTag(body.subarray(-16));
    const plain = Buffer.concat([cipher.update(body.subarray(HEADER_BYTES, -16)), cipher.final()]);
    if (plain.at(-1) !== 2) throw new Error('the record is not the last');
    return plain.subarray(0, -1).toString('utf8');
  }
}

const decoded = (part: string): unknown =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

function isSignedBy(key: string, content: string, signature: Buffer): boolean {
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const options = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return signature.length === 64 && verify('sha256', Buffer.from(content), options, signature);
}
