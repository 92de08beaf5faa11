import { z } from 'zod';

import type { ChannelEvent } from '../channel.ts';
import { meaningOf, permanentMeaning } from '../outcomes.ts';
import { WECHAT_CODES } from './codes.ts';
import { idText } from './wechat-answer.ts';

const Subscribed = z.object({
  TemplateId: z.string(),
  SubscribeStatusString: z.string().optional(),
  MsgID: idText.optional(),
  ErrorCode: idText.optional(),
});
type Subscribed = z.output<typeof Subscribed>;

/** One element may come without its list. */
const SubscribedList = z
  .object({ List: z.union([z.array(Subscribed), Subscribed.transform((one) => [one])]) })
  .transform(({ List }) => List);

const Direct = z
  .union([z.array(Subscribed), Subscribed.transform((one) => [one])])
  .optional()
  .transform((list) => list ?? []);

/** What WeChat posts about a person, in XML or in JSON. */
export const WechatNotice = z.object({
  FromUserName: z.string().min(1),
  CreateTime: z.coerce.number(),
  MsgType: z.string(),
  Event: z.string().default(''),
  EventKey: z.string().optional(),
  MsgId: idText.optional(),
  MsgID: idText.optional(),
  Status: z.string().optional(),
  Content: z.string().optional(),
  Recognition: z.string().optional(),
  SubscribeMsgPopupEvent: SubscribedList.optional(),
  SubscribeMsgChangeEvent: SubscribedList.optional(),
  SubscribeMsgSentEvent: SubscribedList.optional(),
  List: Direct,
});
export type WechatNotice = z.output<typeof WechatNotice>;

/** What follows from a notice to the account with this app id. */
export function eventsOfNotice(notice: WechatNotice, appId: string): readonly ChannelEvent[] {
  if (notice.MsgType !== 'event') return [inbound(notice, appId)];
  switch (notice.Event) {
    case 'TEMPLATESENDJOBFINISH':
      return templateReceipt(notice);
    case 'subscribe_msg_popup_event':
      return grants(notice, appId, notice.SubscribeMsgPopupEvent, 'accept', 'open');
    case 'subscribe_msg_change_event':
      return grants(notice, appId, notice.SubscribeMsgChangeEvent, 'reject', 'close');
    case 'subscribe_msg_sent_event':
      return (notice.SubscribeMsgSentEvent ?? notice.List).flatMap((sent) =>
        subscriptionReceipt(notice, sent),
      );
    case 'subscribe':
      return [consent(notice, appId, 'given')];
    case 'unsubscribe':
      return [consent(notice, appId, 'withdrawn')];
    default:
      return [inbound(notice, appId)];
  }
}

const headingOf = ({ FromUserName, CreateTime }: WechatNotice, appId: string) => ({
  at: CreateTime * 1000,
  addressKey: `${FromUserName}@${appId}`,
});

/** Of events, which have no id: two of one person in one second are told apart by what they are. */
const keyOf = ({ FromUserName, CreateTime, Event }: WechatNotice): string =>
  `${FromUserName}:${CreateTime}:${Event}`;

function templateReceipt(notice: WechatNotice): readonly ChannelEvent[] {
  const { MsgID: ref, Status: said = '' } = notice;
  if (ref === undefined) return [];
  const receipt = {
    is: 'receipt',
    dedupeKey: `template:${ref}:${said}`,
    at: notice.CreateTime * 1000,
    deliveryId: null,
    providerRef: ref,
  } as const;
  if (said === 'success') return [{ ...receipt, status: 'delivered', code: null }];
  const failed = { ...receipt, status: 'failed', code: said } as const;
  return [/user ?block/.test(said) ? { ...failed, because: 'consent' } : failed];
}

function subscriptionReceipt(
  notice: WechatNotice,
  { MsgID: ref, ErrorCode: code = '0' }: Subscribed,
): readonly ChannelEvent[] {
  if (ref === undefined) return [];
  const receipt = {
    is: 'receipt',
    dedupeKey: `subscription:${ref}:${code}`,
    at: notice.CreateTime * 1000,
    deliveryId: null,
    providerRef: ref,
  } as const;
  if (code === '0') return [{ ...receipt, status: 'delivered', code: null }];
  const because = permanentMeaning(meaningOf(WECHAT_CODES, code));
  const failed = { ...receipt, status: 'failed', code } as const;
  return [because === undefined ? failed : { ...failed, because }];
}

/** An accepted request is good for one message of the template; a rejection later ends them all. */
function grants(
  notice: WechatNotice,
  appId: string,
  list: readonly Subscribed[] = notice.List,
  said: 'accept' | 'reject',
  change: 'open' | 'close',
): readonly ChannelEvent[] {
  return list.flatMap(({ TemplateId, SubscribeStatusString }, at) =>
    SubscribeStatusString === said
      ? [
          {
            is: 'grant',
            dedupeKey: `${keyOf(notice)}:${at}:${TemplateId}`,
            ...headingOf(notice, appId),
            grant: { is: 'oneTime', templateId: TemplateId },
            change,
            lastsSec: null,
            messages: change === 'open' ? 1 : null,
          },
        ]
      : [],
  );
}

const consent = (
  notice: WechatNotice,
  appId: string,
  change: 'given' | 'withdrawn',
): ChannelEvent => ({
  is: 'consent',
  dedupeKey: keyOf(notice),
  ...headingOf(notice, appId),
  change,
});

type Kind = Extract<ChannelEvent, { is: 'inbound' }>['kind'];

const KINDS: Readonly<Record<string, Kind>> = {
  text: 'text',
  image: 'image',
  voice: 'voice',
  video: 'video',
  shortvideo: 'video',
  file: 'file',
  location: 'location',
};

function inbound(notice: WechatNotice, appId: string): ChannelEvent {
  const { MsgType, MsgId, Content, Recognition, EventKey } = notice;
  const kind = Object.hasOwn(KINDS, MsgType) ? KINDS[MsgType]! : 'event';
  return {
    is: 'inbound',
    dedupeKey: `${keyOf(notice)}:${MsgId ?? EventKey ?? ''}`,
    ...headingOf(notice, appId),
    kind,
    text: Content ?? Recognition ?? EventKey ?? null,
  };
}
