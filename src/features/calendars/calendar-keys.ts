import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whose calendar a key opens. */
export type CalendarScope =
  | { readonly of: 'store'; readonly storeCode: string }
  | { readonly of: 'customer'; readonly customerId: string };

/** 132 bits. */
const KEY_CHARACTERS = 22;

/**
 * Keys of calendar feeds, which programs fetch without signing in. Each opens one feed and nothing else.
 *
 * They are derived from the secret of the deployment and stored nowhere, so all processes agree on them,
 * and another secret is what revokes them.
 */
export class CalendarKeys {
  /** @param secret asked for when the first key is needed */
  constructor(private readonly secret: () => string) {}

  keyOf(scope: CalendarScope): string {
    const name = scope.of === 'store' ? scope.storeCode : scope.customerId;
    const hmac = createHmac('sha256', this.secret()).update(`calendar of ${scope.of} ${name}`);
    return hmac.digest('base64url').slice(0, KEY_CHARACTERS);
  }

  /** Takes the same time however much of the key is right. */
  opens(key: string, scope: CalendarScope): boolean {
    const given = Buffer.from(key);
    const right = Buffer.from(this.keyOf(scope));
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
