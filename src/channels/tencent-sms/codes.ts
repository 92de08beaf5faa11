import type { EpochMs } from '../../core/time/time.ts';
import { untilChinaDayMs } from '../china-time.ts';
import type { CodeTable } from '../outcomes.ts';

/** Source: Tencent Cloud, Short Message Service, `SendSms` error codes. */
export const TENCENT_SMS_CODES: CodeTable = {
  'AuthFailure*': 'configuration',
  'UnauthorizedOperation*': 'configuration',
  'InvalidParameterValue.SdkAppIdNotExist': 'configuration',
  'FailedOperation.TemplateIncorrectOrUnapproved': 'configuration',
  'FailedOperation.SignatureIncorrectOrUnapproved': 'configuration',
  'FailedOperation.InsufficientBalanceInSmsPackage': 'configuration',
  'RequestLimitExceeded*': 'rateLimit',
  'LimitExceeded*': 'rateLimit',
  'FailedOperation.ContainSensitiveWord': 'content',
  'InvalidParameterValue.ContentLengthLimit': 'content',
  'FailedOperation.PhoneNumberInBlacklist': 'consent',
  'InvalidParameterValue.IncorrectPhoneNumber': 'recipient',
  'InternalError.Timeout': 'ambiguous',
  'InternalError.OtherError': 'provider',
};

/** Codes that a wrong clock of this machine leads to. */
export const isAboutTheClock = (code: string): boolean => code === 'AuthFailure.SignatureExpire';

const SAME_CONTENT_MS = 30_000;
const HOUR_MS = 3_600_000;

/** How long the limit lasts, if the code tells. */
export function limitLastsMs(code: string, now: EpochMs): number | null {
  switch (code) {
    case 'LimitExceeded.DeliveryFrequencyLimit':
    case 'LimitExceeded.PhoneNumberThirtySecondLimit':
      return SAME_CONTENT_MS;
    case 'LimitExceeded.PhoneNumberOneHourLimit':
      return HOUR_MS;
    case 'LimitExceeded.PhoneNumberDailyLimit':
      return untilChinaDayMs(now);
    default:
      return null;
  }
}
