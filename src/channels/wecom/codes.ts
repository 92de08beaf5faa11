import type { PermanentFailure } from '../channel.ts';
import type { CodeTable } from '../outcomes.ts';

/** Answers to sending. Source: WeCom developer documentation, global return codes. */
export const WECOM_CODES: CodeTable = {
  '-1': 'provider',
  '40001': 'token',
  '40014': 'token',
  '42001': 'token',
  '40013': 'configuration',
  '40056': 'configuration',
  '40058': 'configuration',
  '48001': 'configuration',
  '48002': 'configuration',
  '60020': 'configuration',
  '301002': 'configuration',
  '95000': 'configuration',
  '95004': 'configuration',
  '40003': 'recipient',
  '40096': 'recipient',
  '81013': 'recipient',
  '45015': 'window',
  '45047': 'window',
  '95001': 'window',
  '95002': 'window',
  '45009': 'rateLimit',
  '45033': 'rateLimit',
};

/** Answers to asking for a token, where 40001 is about the secret. All that is unknown is about settings. */
export const WECOM_TOKEN_CODES: CodeTable = {
  '-1': 'provider',
  '45009': 'rateLimit',
  '45033': 'rateLimit',
  '*': 'configuration',
};

/** `fail_type` of a message of customer service that did not arrive. */
export const FAIL_TYPES: Readonly<Record<string, PermanentFailure['because']>> = {
  '1': 'configuration',
  '2': 'configuration',
  '4': 'window',
  '5': 'window',
  '6': 'window',
  '8': 'configuration',
  '10': 'consent',
  '12': 'configuration',
  '13': 'content',
};
