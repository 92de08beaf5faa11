import { checkPixels, MOST_FRAMES } from './pixel-limits.ts';
import { demand } from './refusals.ts';

const HEADER_BYTES = 12;
const MOST_CHUNKS = 10_000;

/**
 * Walks the chunks of a WebP, which has to fill its RIFF container exactly.
 *
 * Source: RFC 9649 section 2.
 *
 * @throws Unacceptable
 */
export function checkWebp(file: Buffer): void {
  demand(file.length >= HEADER_BYTES + 8, 'TRUNCATED');
  const end = 8 + file.readUInt32LE(4);
  demand(end <= file.length, 'TRUNCATED');
  demand(end === file.length, 'TRAILING_DATA');
  const seen = { chunks: 0, frames: 0, pictures: 0 };
  for (let at = HEADER_BYTES; at < end;) {
    demand(++seen.chunks <= MOST_CHUNKS, 'TOO_COMPLEX');
    demand(at + 8 <= end, 'MALFORMED');
    const type = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    demand(at + 8 + length <= end, 'MALFORMED');
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === 'VP8X') {
      demand(length === 10 && seen.chunks === 1, 'MALFORMED');
      checkPixels(body.readUIntLE(4, 3) + 1, body.readUIntLE(7, 3) + 1);
    }
    if (type === 'ANMF') demand(++seen.frames <= MOST_FRAMES, 'TOO_MANY_FRAMES');
    if (/^(VP8 |VP8L|ANMF)$/.test(type)) seen.pictures += 1;
    at += 8 + length + (length % 2);
  }
  demand(seen.pictures > 0, 'MALFORMED');
}
