import { createHash } from 'node:crypto';

/** Of the token and the values that came with a request, in any order. */
export const wechatSignature = (...values: readonly string[]): string =>
  createHash('sha1').update(values.toSorted().join('')).digest('hex');
