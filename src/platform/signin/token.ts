import { createHmac } from 'node:crypto';

import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

import { PERMISSIONS, type Caller, type Permission, type SignedInCaller } from './caller.ts';
import { parseContact } from './contact.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'welt';
const AUDIENCE = 'welt-api';

/** What a token says of its bearer. */
export type TokenScope =
  | { readonly role: 'hq' }
  | {
      readonly role: 'staff';
      readonly stores: readonly string[];
      readonly permissions?: readonly Permission[] | undefined;
    }
  /** In the normal form of {@link parseContact}. */
  | { readonly role: 'customer'; readonly contact: string };

const Scope = z.discriminatedUnion('role', [
  z.object({ role: z.literal('hq') }),
  z.object({
    role: z.literal('staff'),
    stores: z.array(z.string().min(1)).min(1),
    permissions: z.array(z.enum(PERMISSIONS)).optional(),
  }),
  z.object({ role: z.literal('customer'), contact: z.string() }),
]);

/** A bearer token for `scope`, good for so many seconds from now. */
export function signToken(
  secret: string,
  scope: TokenScope,
  lifetimeSeconds: number,
): Promise<string> {
  return new SignJWT({ ...scope })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(callerOf(secret, scope).id)
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds} seconds`)
    .sign(keyOf(secret));
}

/**
 * Who the bearer of a token is.
 *
 * @param now what time it is for the expiry; default: the machine's
 * @throws Error if it was not signed with this secret, has expired, or says something unknown
 */
export async function verifyToken(secret: string, token: string, now?: Date): Promise<Caller> {
  const { payload } = await jwtVerify(token, keyOf(secret), {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: ['exp', 'sub'],
    ...(now === undefined ? {} : { currentDate: now }),
  });
  const scope = Scope.safeParse(payload);
  if (!scope.success) throw new errors.JWTInvalid('unknown scope');
  return callerOf(secret, scope.data);
}

/** Until when a token that {@link verifyToken} took is good, epoch ms. */
export const expiryOfToken = (token: string): number => decodeJwt(token).exp! * 1000;

/** @throws RangeError if the contact is not in its normal form */
function callerOf(secret: string, scope: TokenScope): SignedInCaller {
  switch (scope.role) {
    case 'hq':
      return { role: 'hq', id: 'hq' };
    case 'staff': {
      const stores = [...new Set(scope.stores)].sort();
      const { permissions = [] } = scope;
      const caller = { role: 'staff', id: `staff:${stores.join(',')}`, stores } as const;
      return permissions.length === 0 ? caller : { ...caller, permissions };
    }
    case 'customer': {
      const contact = parseContact(scope.contact);
      if (contact?.value !== scope.contact) throw new RangeError('not a contact in normal form');
      return { role: 'customer', id: `customer:${pseudonym(secret, contact.value)}`, contact };
    }
  }
}

/** Cannot be turned back by trying all contacts that there are, unlike a hash without a secret. */
function pseudonym(secret: string, contact: string): string {
  return createHmac('sha256', secret).update(`contact ${contact}`).digest('base64url').slice(0, 22);
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
