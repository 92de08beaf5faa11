import { crc32 } from 'node:zlib';

import { checkPixels, MOST_FRAMES } from './pixel-limits.ts';
import { demand } from './refusals.ts';

const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const AROUND_BYTES = 12;
const MOST_CHUNKS = 20_000;

/**
 * Walks the chunks of a PNG, which has to end with the last of them.
 *
 * Source: W3C PNG specification, third edition, section 5.
 *
 * @throws Unacceptable
 */
export function checkPng(file: Buffer): void {
  const seen = { chunks: 0, data: 0, frames: 0 };
  for (let at = SIGNATURE_BYTES; ;) {
    const { type, body, end } = chunkAt(file, at);
    demand((type === 'IHDR') === (seen.chunks === 0), 'MALFORMED');
    demand(++seen.chunks <= MOST_CHUNKS, 'TOO_COMPLEX');
    if (type === 'IHDR') {
      demand(body.length === 13, 'MALFORMED');
      checkPixels(body.readUInt32BE(0), body.readUInt32BE(4));
    }
    if (type === 'IDAT') seen.data += 1;
    if (type === 'fcTL') demand(++seen.frames <= MOST_FRAMES, 'TOO_MANY_FRAMES');
    at = end;
    if (type !== 'IEND') continue;
    demand(seen.data > 0, 'MALFORMED');
    demand(at === file.length, 'TRAILING_DATA');
    return;
  }
}

function chunkAt(
  file: Buffer,
  at: number,
): { readonly type: string; readonly body: Buffer; readonly end: number } {
  demand(at + AROUND_BYTES <= file.length, 'TRUNCATED');
  const length = file.readUInt32BE(at);
  demand(length <= 0x7fff_ffff, 'MALFORMED');
  const end = at + AROUND_BYTES + length;
  demand(end <= file.length, 'TRUNCATED');
  const type = file.toString('latin1', at + 4, at + 8);
  demand(/^[A-Za-z]{4}$/.test(type), 'MALFORMED');
  demand(crc32(file.subarray(at + 4, end - 4)) === file.readUInt32BE(end - 4), 'MALFORMED');
  return { type, body: file.subarray(at + 8, end - 4), end };
}
