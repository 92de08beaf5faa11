import { z } from 'zod';

import type { ApiAnswer } from '../api-answer.ts';
import type { LookUpOutcome, SendContext, SentMessage } from '../channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { TencentSmsSettings } from './settings.ts';
import { callTencent } from './tencent-api.ts';

const PAGE_SIZE = 100;

const Pulled = z.object({
  SerialNo: z.string(),
  ReportStatus: z.string(),
  SessionContext: z.string().nullish(),
});
type Pulled = z.output<typeof Pulled>;

const Statuses = z.object({ PullSmsSendStatusSet: z.array(Pulled).nullish() });
type Statuses = z.output<typeof Statuses>;

/**
 * Asks which receipts there are of the number since the first attempt.
 *
 * Finds ours by `SessionContext` where the provider gives it. Else any receipt since then counts: of
 * two messages to one person at one time it may be the other's.
 */
export async function lookUpByNumber(
  settings: TencentSmsSettings,
  { deliveryId, address, firstAttemptAt }: SentMessage<string>,
  context: SendContext,
): Promise<LookUpOutcome> {
  const answer = await askStatuses(settings, address, firstAttemptAt, context);
  if (!answer.ok) return { found: 'unknown', code: answer.failure.code };
  const statuses = answer.body.PullSmsSendStatusSet ?? [];
  const isOurs = ({ SessionContext: context }: Pulled): boolean =>
    settings.contextInReceipts ? context === deliveryId : !context || context === deliveryId;
  const ours = statuses.find(isOurs);
  if (ours === undefined) return { found: false };
  const status = ours.ReportStatus === 'SUCCESS' ? 'delivered' : 'failed';
  return { found: true, providerRef: ours.SerialNo, status };
}

/** The first receipts of a number since then; leaves them where they are. */
export const askStatuses = (
  settings: TencentSmsSettings,
  phone: string,
  since: EpochMs,
  context: SendContext,
): Promise<ApiAnswer<Statuses>> => {
  const question = {
    BeginTime: Math.floor(since / 1000),
    Offset: 0,
    Limit: PAGE_SIZE,
    PhoneNumber: phone,
    SmsSdkAppId: settings.sdkAppId,
  };
  const body = JSON.stringify(question);
  return callTencent(settings, 'PullSmsSendStatusByPhoneNumber', body, Statuses, context);
};
