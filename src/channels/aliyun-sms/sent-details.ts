import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { LookUpOutcome, ReceiptStatus, SendContext, SentMessage } from '../channel.ts';
import { chinaDate } from '../china-time.ts';
import { dialledFromChina } from '../phone-address.ts';
import { callAliyun } from './aliyun-api.ts';
import type { AliyunSmsSettings } from './settings.ts';

const PAGE_SIZE = 50;
/** A number gets no more than 50 notices with one template a day; ten pages are ten templates. */
const MOST_PAGES = 10;

const Detail = z.object({
  OutId: z.string().optional(),
  SendStatus: z.coerce.number().optional(),
});
type Detail = z.output<typeof Detail>;

const Details = z.object({
  SmsSendDetailDTOs: z.object({ SmsSendDetailDTO: z.array(Detail).default([]) }).optional(),
});
type Details = z.output<typeof Details>;

const STATUSES: Readonly<Record<number, ReceiptStatus>> = {
  1: 'sent',
  2: 'failed',
  3: 'delivered',
};

/** Asks for what was sent to the number on the days since the first attempt, and finds ours by `OutId`. */
export async function lookUpByOutId(
  settings: AliyunSmsSettings,
  { deliveryId, address, firstAttemptAt }: SentMessage<string>,
  context: SendContext,
): Promise<LookUpOutcome> {
  for (const date of new Set([chinaDate(firstAttemptAt), chinaDate(context.now())])) {
    for (let page = 1; page <= MOST_PAGES; page++) {
      const answer = await askDetails(settings, { phone: address, date, page }, context);
      if (!answer.ok) return { found: 'unknown', code: answer.failure.code };
      const details = answer.body.SmsSendDetailDTOs?.SmsSendDetailDTO ?? [];
      const ours = details.find(({ OutId }) => OutId === deliveryId);
      if (ours !== undefined) return { found: true, providerRef: null, status: statusOf(ours) };
      if (details.length < PAGE_SIZE) break;
    }
  }
  return { found: false };
}

const statusOf = ({ SendStatus = 0 }: Detail): ReceiptStatus => STATUSES[SendStatus] ?? 'accepted';

/** Which messages are asked for: those to a number on a day in China. */
interface DetailsQuestion {
  readonly phone: string;
  readonly date: string;
  /** From 1. */
  readonly page: number;
}

export const askDetails = (
  settings: AliyunSmsSettings,
  { phone, date, page }: DetailsQuestion,
  context: SendContext,
): Promise<ApiAnswer<Details>> => {
  const query = {
    PhoneNumber: dialledFromChina(phone),
    SendDate: date,
    PageSize: String(PAGE_SIZE),
    CurrentPage: String(page),
  };
  return callAliyun(settings, 'QuerySendDetails', query, Details, context);
};
