import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_PURPOSE = 'welt sealed settings 1';

/**
 * Seals what the database may hold and nobody may read there: AES-256-GCM under a key that HKDF derives
 * from the deployment's secret. A sealed text opens only where it was made for: `place` is authenticated.
 */
export class Sealer {
  private key: Buffer | undefined;

  /** @param secret asked once, when something is sealed or opened for the first time */
  constructor(private readonly secret: () => string) {}

  seal(text: string, place: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.derivedKey(), iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error if it was sealed with another secret or for another place, or was changed */
  open(sealed: Buffer, place: string): string {
    const iv = sealed.subarray(0, IV_BYTES);
    const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(CIPHER, this.derivedKey(), iv, options);
    decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
    const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }

  private derivedKey(): Buffer {
    this.key ??= Buffer.from(hkdfSync('sha256', this.secret(), '', KEY_PURPOSE, KEY_BYTES));
    return this.key;
  }
}
