import type { CodeTable } from '../outcomes.ts';

/** Source: WhatsApp Cloud API, "Error codes". */
export const WHATSAPP_CODES: CodeTable = {
  '131026': 'recipient',
  '131047': 'window',
  '4': 'rateLimit',
  '80007': 'rateLimit',
  '130429': 'rateLimit',
  '131048': 'rateLimit',
  '131049': 'rateLimit',
  '131056': 'rateLimit',
  '100': 'content',
  '131008': 'content',
  '132000': 'content',
  '132001': 'content',
  '132005': 'content',
  '132007': 'content',
  '132012': 'content',
  '132015': 'content',
  '132016': 'content',
  '190': 'configuration',
  '368': 'configuration',
  '131031': 'configuration',
  '131042': 'configuration',
  '133010': 'configuration',
  '2': 'provider',
  '131000': 'provider',
};

const DAY_MS = 86_400_000;

/** How long a person gets no more of what is taken for marketing: not the same day. */
export const limitLastsMs = (code: string): number | null => (code === '131049' ? DAY_MS : null);
