import { z } from 'zod';

/** A person, as one app knows them: each app has its own ids. */
export const WechatAddress = z.strictObject({
  openId: z.string().regex(/^[\w-]{1,128}$/),
  appId: z.string().regex(/^\w{1,64}$/),
});

export type WechatAddress = z.output<typeof WechatAddress>;

export const wechatAddressKey = ({ openId, appId }: WechatAddress): string => `${openId}@${appId}`;

export function wechatAddressOf(addressKey: string): WechatAddress {
  const [openId, appId] = addressKey.split('@');
  return WechatAddress.parse({ openId, appId });
}
