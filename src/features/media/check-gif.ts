import { checkPixels, MOST_FRAMES } from './pixel-limits.ts';
import { demand } from './refusals.ts';

const HEADER_BYTES = 13;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;

/**
 * Walks the blocks of a GIF, which has to end with its trailer.
 *
 * Source: CompuServe, "Graphics Interchange Format, version 89a".
 *
 * @throws Unacceptable
 */
export function checkGif(file: Buffer): void {
  demand(file.length >= HEADER_BYTES, 'TRUNCATED');
  checkPixels(file.readUInt16LE(6), file.readUInt16LE(8));
  let frames = 0;
  for (let at = HEADER_BYTES + colourBytes(file[10]!); ;) {
    demand(at < file.length, 'TRUNCATED');
    const introducer = file[at];
    if (introducer === TRAILER) {
      demand(frames > 0, 'MALFORMED');
      demand(at + 1 === file.length, 'TRAILING_DATA');
      return;
    }
    demand(introducer === IMAGE || introducer === EXTENSION, 'MALFORMED');
    if (introducer === EXTENSION) {
      at = endOfBlocks(file, at + 2);
      continue;
    }
    demand(++frames <= MOST_FRAMES, 'TOO_MANY_FRAMES');
    demand(at + 11 <= file.length, 'TRUNCATED');
    checkPixels(file.readUInt16LE(at + 5), file.readUInt16LE(at + 7));
    at = endOfBlocks(file, at + 11 + colourBytes(file[at + 9]!));
  }
}

/** The table of colours that a packed byte announces. */
const colourBytes = (packed: number): number => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);

function endOfBlocks(file: Buffer, from: number): number {
  for (let at = from; ;) {
    const length = file[at];
    demand(length !== undefined, 'TRUNCATED');
    at += 1 + length;
    if (length === 0) return at;
  }
}
