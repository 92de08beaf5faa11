import { createHash, createHmac } from 'node:crypto';

type Content = string | Uint8Array;

export const sha256Hex = (content: Content): string =>
  createHash('sha256').update(content).digest('hex');

export const hmacSha256 = (key: Content, content: Content): Buffer =>
  createHmac('sha256', key).update(content).digest();
