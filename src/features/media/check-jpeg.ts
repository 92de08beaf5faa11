import { checkPixels } from './pixel-limits.ts';
import { demand } from './refusals.ts';

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
/** Each scan is decoded over the whole picture. Encoders write about ten. */
const MOST_SCANS = 100;

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/**
 * Walks the segments of a JPEG to its end. Cameras put previews, gain maps and clips behind it, which the
 * picture is taken without; an archive, a page or a document there is no camera's.
 *
 * Source: ITU-T T.81 annex B.
 *
 * @throws Unacceptable
 */
export function checkJpeg(file: Buffer): void {
  let at = 2;
  let scans = 0;
  let hasFrame = false;
  for (;;) {
    const marker = markerAt(file, at);
    at = marker.end;
    if (marker.code === END) break;
    demand(marker.code !== START && marker.code !== 0, 'MALFORMED');
    if (isRestart(marker.code) || marker.code === 0x01) continue;
    demand(at + 2 <= file.length, 'TRUNCATED');
    const length = file.readUInt16BE(at);
    demand(length >= 2, 'MALFORMED');
    demand(at + length <= file.length, 'TRUNCATED');
    if (isFrame(marker.code)) {
      demand(length >= 8 && !hasFrame, 'MALFORMED');
      checkPixels(file.readUInt16BE(at + 5), file.readUInt16BE(at + 3));
      hasFrame = true;
    }
    at += length;
    if (marker.code !== SCAN) continue;
    demand(hasFrame, 'MALFORMED');
    demand(++scans <= MOST_SCANS, 'TOO_COMPLEX');
    at = endOfScan(file, at);
  }
  demand(scans > 0, 'MALFORMED');
  demand(!isSmuggled(file.subarray(at)), 'TRAILING_DATA');
}

/** Any number of fill bytes may stand before a marker. */
function markerAt(file: Buffer, from: number): { readonly code: number; readonly end: number } {
  demand(from < file.length, 'TRUNCATED');
  demand(file[from] === 0xff, 'MALFORMED');
  let at = from;
  while (file[at] === 0xff) at += 1;
  const code = file[at];
  demand(code !== undefined, 'TRUNCATED');
  return { code, end: at + 1 };
}

/** Where the next marker begins that ends the coded data. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at + 1)) {
    const code = file[at + 1];
    demand(code !== undefined, 'TRUNCATED');
    if (code !== 0 && code !== 0xff && !isRestart(code)) return at;
  }
  demand(false, 'TRUNCATED');
}

const PAGES = /<(script|html|svg|iframe|body|\?php|!doctype)|%PDF-1/i;
const END_OF_ARCHIVE = Buffer.from('504b0506', 'hex');
const END_OF_ARCHIVE_BYTES = 22;

function isSmuggled(trailer: Buffer): boolean {
  if (PAGES.test(trailer.toString('latin1'))) return true;
  const at = trailer.lastIndexOf(END_OF_ARCHIVE);
  if (at === -1 || at + END_OF_ARCHIVE_BYTES > trailer.length) return false;
  return at + END_OF_ARCHIVE_BYTES + trailer.readUInt16LE(at + 20) <= trailer.length;
}
