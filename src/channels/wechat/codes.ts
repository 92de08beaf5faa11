import type { CodeTable } from '../outcomes.ts';

/** Answers to sending. Source: WeChat developer documentation, global return codes. */
export const WECHAT_CODES: CodeTable = {
  '-1': 'provider',
  '40001': 'token',
  '40014': 'token',
  '42001': 'token',
  '40013': 'configuration',
  '40125': 'configuration',
  '40164': 'configuration',
  '48001': 'configuration',
  '48004': 'configuration',
  '43106': 'configuration',
  '43116': 'configuration',
  '40003': 'recipient',
  '43004': 'consent',
  '43019': 'consent',
  '43101': 'consent',
  '48002': 'consent',
  '50005': 'consent',
  '45015': 'window',
  '45047': 'window',
  '40036': 'content',
  '40037': 'content',
  '40249': 'content',
  '41030': 'content',
  '45168': 'content',
  '47001': 'content',
  '47003': 'content',
  '45009': 'rateLimit',
  '45011': 'rateLimit',
};

/** Answers to asking for a token, where 40001 is about the secret. All that is unknown is about settings. */
export const TOKEN_CODES: CodeTable = {
  ...WECHAT_CODES,
  '40001': 'configuration',
  '*': 'configuration',
};
