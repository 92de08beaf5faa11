import { describe, expect, it } from 'vitest';
import { SignJWT } from 'jose';

import { signToken, verifyToken, type TokenScope } from '../../src/platform/signin/token.ts';

const SECRET = 'a-secret-of-more-than-32-characters!';
const OTHER = 'another-secret-of-over-32-characters';
const DAY_S = 86_400;

describe('a token', () => {
  it.each<{ name: string; scope: TokenScope; caller: unknown }>([
    { name: 'hq', scope: { role: 'hq' }, caller: { role: 'hq', id: 'hq' } },
    {
      name: 'staff, stores in one order and once each',
      scope: { role: 'staff', stores: ['B', 'A', 'B'] },
      caller: { role: 'staff', id: 'staff:A,B', stores: ['A', 'B'] },
    },
    {
      name: 'customer by phone',
      scope: { role: 'customer', contact: '+8613800138000' },
      caller: {
        role: 'customer',
        id: expect.stringMatching(/^customer:[\w-]{22}$/),
        contact: { kind: 'phone', value: '+8613800138000' },
      },
    },
    {
      name: 'customer by e-mail',
      scope: { role: 'customer', contact: 'ada@example.com' },
      caller: {
        role: 'customer',
        id: expect.stringMatching(/^customer:[\w-]{22}$/),
        contact: { kind: 'email', value: 'ada@example.com' },
      },
    },
  ])('says who its bearer is: $name', async ({ scope, caller }) => {
    expect(await verifyToken(SECRET, await signToken(SECRET, scope, DAY_S))).toEqual(caller);
  });

  it('of a customer names them by an id that needs the secret to be found', async () => {
    const scope = { role: 'customer', contact: 'ada@example.com' } as const;
    const idWith = async (secret: string) => {
      const caller = await verifyToken(secret, await signToken(secret, scope, DAY_S));
      return caller.role === 'anonymous' ? undefined : caller.id;
    };
    expect(await idWith(SECRET)).toBe(await idWith(SECRET));
    expect(await idWith(SECRET)).not.toBe(await idWith(OTHER));
    expect(await idWith(SECRET)).not.toContain('ada');
  });

  it('is good until its end and no longer', async () => {
    const token = await signToken(SECRET, { role: 'hq' }, DAY_S);
    const { exp } = JSON.parse(atob(token.split('.')[1]!)) as { exp: number };
    const justBefore = new Date((exp - 1) * 1000);
    expect(await verifyToken(SECRET, token, justBefore)).toEqual({ role: 'hq', id: 'hq' });
    await expect(verifyToken(SECRET, token, new Date(exp * 1000))).rejects.toThrow('exp');
  });

  it('of another deployment is refused', async () => {
    const token = await signToken(OTHER, { role: 'hq' }, DAY_S);
    await expect(verifyToken(SECRET, token)).rejects.toThrow('signature');
  });

  it('that was changed is refused', async () => {
    const [head, , signature] = (await signToken(SECRET, { role: 'hq' }, DAY_S)).split('.');
    const body = btoa(
      JSON.stringify({ role: 'hq', iss: 'welt', aud: 'welt-api', sub: 'hq', exp: 9e9 }),
    );
    await expect(verifyToken(SECRET, [head, body, signature].join('.'))).rejects.toThrow();
  });

  it('without a signature is refused', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { role: 'hq', iss: 'welt', aud: 'welt-api', sub: 'hq', exp: 9e9 };
    const token = `${part({ alg: 'none' })}.${part(claims)}.`;
    await expect(verifyToken(SECRET, token)).rejects.toThrow();
  });

  it.each([
    { name: 'no expiry', claims: { role: 'hq' }, lifetime: undefined },
    { name: 'an unknown role', claims: { role: 'owner' }, lifetime: '1 day' },
    { name: 'staff without stores', claims: { role: 'staff', stores: [] }, lifetime: '1 day' },
    { name: 'no contact', claims: { role: 'customer' }, lifetime: '1 day' },
    { name: 'another audience', claims: { role: 'hq', aud: 'mail' }, lifetime: '1 day' },
    { name: 'another issuer', claims: { role: 'hq', iss: 'else' }, lifetime: '1 day' },
    {
      name: 'a contact that is not in normal form',
      claims: { role: 'customer', contact: 'Ada@Example.com' },
      lifetime: '1 day',
    },
  ])('with $name is refused though well signed', async ({ claims, lifetime }) => {
    const all = { iss: 'welt', aud: 'welt-api', sub: 'x', ...claims };
    const jwt = new SignJWT(all).setProtectedHeader({ alg: 'HS256' });
    if (lifetime !== undefined) jwt.setExpirationTime(lifetime);
    const token = await jwt.sign(new TextEncoder().encode(SECRET));
    await expect(verifyToken(SECRET, token)).rejects.toThrow();
  });
});
