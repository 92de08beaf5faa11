import type { EpochMs } from '../../core/time/time.ts';
import { untilChinaDayMs, untilChinaMonthMs } from '../china-time.ts';
import type { CodeTable } from '../outcomes.ts';

/** Source: Alibaba Cloud, Short Message Service, API error codes. */
export const ALIYUN_SMS_CODES: CodeTable = {
  'isv.BUSINESS_LIMIT_CONTROL': 'rateLimit',
  'isv.DAY_LIMIT_CONTROL': 'rateLimit',
  'isv.MONTH_LIMIT_CONTROL': 'rateLimit',
  'Throttling*': 'rateLimit',
  'isv.MOBILE_NUMBER_ILLEGAL': 'recipient',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'content',
  'isv.INVALID_JSON_PARAM': 'content',
  'isv.PARAM_LENGTH_LIMIT': 'content',
  'isv.PARAM_NOT_SUPPORT_URL': 'content',
  'isv.BLACK_KEY_CONTROL_LIMIT': 'content',
  'isv.SMS_TEMPLATE_ILLEGAL': 'configuration',
  'isv.SMS_SIGNATURE_ILLEGAL': 'configuration',
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': 'configuration',
  'isv.AMOUNT_NOT_ENOUGH': 'configuration',
  'isv.OUT_OF_SERVICE': 'configuration',
  'isp.RAM_PERMISSION_DENY': 'configuration',
  'isv.DENY_IP_RANGE': 'configuration',
  SignatureDoesNotMatch: 'configuration',
  'InvalidAccessKeyId*': 'configuration',
  'InvalidTimeStamp*': 'configuration',
  'isp.SYSTEM_ERROR': 'provider',
};

/** Codes that a wrong clock of this machine leads to. */
export const isAboutTheClock = (code: string): boolean => code.startsWith('InvalidTimeStamp');

/** How long the limit lasts; null where the code does not tell which of several was hit. */
export function limitLastsMs(code: string, now: EpochMs): number | null {
  if (code === 'isv.DAY_LIMIT_CONTROL') return untilChinaDayMs(now);
  return code === 'isv.MONTH_LIMIT_CONTROL' ? untilChinaMonthMs(now) : null;
}
