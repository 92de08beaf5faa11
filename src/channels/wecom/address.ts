import { z } from 'zod';

/** A member of a corp by user id, or a customer by external user id. Never several, never `@all`. */
export const WecomAddress = z.strictObject({
  userId: z.string().regex(/^[A-Za-z0-9][\w.@-]{0,127}$/),
  corpId: z.string().regex(/^\w{1,64}$/),
});

export type WecomAddress = z.output<typeof WecomAddress>;

export const wecomAddressKey = ({ userId, corpId }: WecomAddress): string => `${userId}@${corpId}`;

export function wecomAddressOf(addressKey: string): WecomAddress {
  const end = addressKey.lastIndexOf('@');
  return WecomAddress.parse({
    userId: addressKey.slice(0, end),
    corpId: addressKey.slice(end + 1),
  });
}
