import type { ByteFile } from './byte-file.ts';
import type { Box } from './iso-boxes.ts';
import { CODECS, MOST_CLIP_PIXELS } from './movie-shape.ts';
import type { Patch } from './patches.ts';
import { demand } from './refusals.ts';

const MOST_ENTRIES = 16;
/** Where the fields of a visual sample entry lie in it. */
const WIDTH_AT = 32;
const COMPRESSOR_AT = 50;
const COMPRESSOR_BYTES = 32;
const VISUAL_ENTRY_BYTES = 86;

/** Instants of making and changing, blanked; in version 1 of a header they are twice as long. */
export async function withoutTimes(file: ByteFile, { body, end }: Box): Promise<Patch> {
  demand(end - body >= 20, 'MALFORMED');
  const version = (await file.read(body, 1))[0]!;
  demand(version <= 1, 'MALFORMED');
  return { at: body + 4, zeros: version === 1 ? 16 : 8 };
}

/** @returns null: it is not said */
export async function durationOf(file: ByteFile, { body, end }: Box): Promise<number | null> {
  demand(end - body >= 32, 'MALFORMED');
  const header = await file.read(body, 32);
  const isLong = header[0] === 1;
  const perSecond = header.readUInt32BE(isLong ? 20 : 12);
  demand(perSecond > 0, 'MALFORMED');
  const units = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  const durationMs = Math.round((units / perSecond) * 1000);
  const isSaid = units > 0 && units !== 0xffff_ffff && durationMs <= 0x7fff_ffff;
  return isSaid ? durationMs : null;
}

/** Whether what is shown is as wide as the encoded picture is high: telephones turn pictures so. */
export async function isTurned(file: ByteFile, { body, end }: Box): Promise<boolean> {
  const isLong = (await file.read(body, 1))[0] === 1;
  const at = body + (isLong ? 52 : 40);
  demand(at + 44 <= end, 'MALFORMED');
  const matrix = await file.read(at, 20);
  return matrix.readInt32BE(0) === 0 && matrix.readInt32BE(16) === 0;
}

/** The kind of track, as `vide` or `soun`. */
export async function handlerOf(file: ByteFile, { body, end }: Box): Promise<string> {
  demand(end - body >= 20, 'MALFORMED');
  return (await file.read(body, 12)).toString('latin1', 8, 12);
}

/** The name in a handler, which tells the device. */
export const withoutName = ({ body, end }: Box): Patch => ({
  at: Math.min(body + 24, end),
  zeros: Math.max(0, end - body - 24),
});

/** All samples have to be in the file itself. */
export async function checkReferences(file: ByteFile, { body, end }: Box): Promise<void> {
  demand(end - body >= 8, 'MALFORMED');
  const count = (await file.read(body, 8)).readUInt32BE(4);
  demand(count >= 1 && count <= MOST_ENTRIES, 'MALFORMED');
  for (let entry = 0, at = body + 8; entry < count; entry++) {
    demand(at + 12 <= end, 'MALFORMED');
    const head = await file.read(at, 12);
    demand((head[11]! & 1) === 1, 'EXTERNAL_DATA');
    const bytes = head.readUInt32BE(0);
    demand(bytes >= 12 && at + bytes <= end, 'MALFORMED');
    at += bytes;
  }
}

export interface Encoding {
  /** Of sound 0. */
  readonly width: number;
  readonly height: number;
  readonly patches: readonly Patch[];
}

/** How a track is encoded; blanks the name of what encoded it. */
export async function encodingOf(
  file: ByteFile,
  { body, end }: Box,
  handler: string,
): Promise<Encoding> {
  demand(end - body >= 16, 'MALFORMED');
  const count = (await file.read(body, 8)).readUInt32BE(4);
  demand(count >= 1 && count <= MOST_ENTRIES, 'MALFORMED');
  const patches: Patch[] = [];
  let [width, height] = [0, 0];
  for (let entry = 0, at = body + 8; entry < count; entry++) {
    demand(at + 16 <= end, 'MALFORMED');
    const head = await file.read(at, 8);
    const bytes = head.readUInt32BE(0);
    const codec = head.toString('latin1', 4, 8);
    demand(bytes >= 16 && at + bytes <= end, 'MALFORMED');
    demand(CODECS[handler]?.has(codec) === true, 'UNSUPPORTED_CODEC');
    if (handler === 'vide') {
      demand(bytes >= VISUAL_ENTRY_BYTES, 'MALFORMED');
      const size = await file.read(at + WIDTH_AT, 4);
      [width, height] = [size.readUInt16BE(0), size.readUInt16BE(2)];
      demand(width * height > 0, 'MALFORMED');
      demand(width * height <= MOST_CLIP_PIXELS, 'TOO_MANY_PIXELS');
      patches.push({ at: at + COMPRESSOR_AT, zeros: COMPRESSOR_BYTES });
    }
    at += bytes;
  }
  return { width, height, patches };
}
