import { z } from 'zod';

import type { CallbackOutcome, CallbackRequest, ChannelEvent } from '../channel.ts';
import { readStamp } from '../china-time.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { receiptCallback } from '../receipt-callback.ts';
import type { AliyunSmsSettings } from './settings.ts';

const Report = z.object({
  success: z.boolean(),
  err_code: z.string().nullish(),
  report_time: z.string().nullish(),
  biz_id: z.string(),
  out_id: z.string().nullish(),
  phone_number: z.string().nullish(),
});
type Report = z.output<typeof Report>;

const REPLY = { status: 200, contentType: 'application/json', body: '{"code":0,"msg":"接收成功"}' };

/** Reads the receipts that SmsReport pushes. They are not signed: the secret in the address is all. */
export const readSmsReport = (
  { receiptPathSecret, receiptZone }: AliyunSmsSettings,
  request: CallbackRequest,
  now: EpochMs,
): CallbackOutcome =>
  receiptCallback(request, receiptPathSecret, REPLY, Report, (report) =>
    receiptOf(report, receiptZone, now),
  );

function receiptOf(report: Report, zone: string, now: EpochMs): ChannelEvent {
  const { success, err_code: code, report_time: stamp, biz_id: bizId, out_id: outId } = report;
  const status = success ? 'delivered' : 'failed';
  return {
    is: 'receipt',
    dedupeKey: `${bizId}:${report.phone_number ?? ''}:${status}`,
    at: readStamp(stamp ?? '', zone) ?? now,
    deliveryId: outId === '' ? null : (outId ?? null),
    providerRef: bizId,
    status,
    code: success ? null : (code ?? null),
  };
}
