import { deflateSync } from 'node:zlib';

import { BAD_JPEGS } from './bad-jpegs.ts';
import { GARBAGE, half, join, of, times, type Row } from './bad-file.ts';
import type { BadFile } from './bad-file.ts';
import {
  aGif,
  anAvif,
  aPng,
  aWebp,
  blackPng,
  changed,
  chunk,
  gifOf,
  HTML,
  png,
  pngData,
  pngHead,
  uint32,
  webpChunk,
  webpHead,
  webpOf,
  ZIP,
} from './made/pictures.ts';

const PNGS: readonly Row[] = [
  { name: 'its first bytes alone', code: 'TRUNCATED', make: () => png() },
  { name: 'cut in half', code: 'TRUNCATED', make: async () => half(await aPng()) },
  {
    name: 'without its last chunk',
    code: 'TRUNCATED',
    make: async () => (await aPng()).subarray(0, -12),
  },
  {
    name: 'an archive behind it',
    code: 'TRAILING_DATA',
    make: async () => join(await aPng(), ZIP),
  },
  { name: 'a page behind it', code: 'TRAILING_DATA', make: async () => join(await aPng(), HTML) },
  {
    name: 'one zero behind it',
    code: 'TRAILING_DATA',
    make: async () => join(await aPng(), Buffer.alloc(1)),
  },
  {
    name: 'a wrong checksum',
    code: 'MALFORMED',
    make: async () => changed(await aPng(), 29, uint32(7)),
  },
  {
    name: 'a head that says 65,500 times 65,500',
    code: 'TOO_MANY_PIXELS',
    make: () => png(pngHead(65_500, 65_500), pngData(), chunk('IEND')),
  },
  {
    name: 'a bomb of 64 million pixels',
    code: 'TOO_MANY_PIXELS',
    make: () => blackPng(8000, 8000),
  },
  {
    name: 'a line of 20,000 pixels',
    code: 'TOO_MANY_PIXELS',
    make: () => blackPng(20_000, 1),
  },
  {
    name: 'no width',
    code: 'MALFORMED',
    make: () => png(pngHead(0, 1), pngData(), chunk('IEND')),
  },
  { name: 'no pixels', code: 'MALFORMED', make: () => png(pngHead(1, 1), chunk('IEND')) },
  {
    name: 'its head in the second place',
    code: 'MALFORMED',
    make: () => png(chunk('tEXt'), pngHead(1, 1), pngData(), chunk('IEND')),
  },
  {
    name: 'two heads',
    code: 'MALFORMED',
    make: () => png(pngHead(1, 1), pngHead(1, 1), pngData(), chunk('IEND')),
  },
  {
    name: 'a short head',
    code: 'MALFORMED',
    make: () => png(chunk('IHDR', Buffer.alloc(5)), pngData(), chunk('IEND')),
  },
  {
    name: 'a chunk of four billion bytes',
    code: 'MALFORMED',
    make: () => png(pngHead(1, 1), uint32(0xffff_ffff), Buffer.from('IDAT00000000')),
  },
  {
    name: 'a chunk whose name is no name',
    code: 'MALFORMED',
    make: () => png(pngHead(1, 1), chunk('\0<a>'), pngData(), chunk('IEND')),
  },
  {
    name: 'a thousand frames',
    code: 'TOO_MANY_FRAMES',
    make: () =>
      png(pngHead(1, 1), times(1000, chunk('fcTL', Buffer.alloc(26))), pngData(), chunk('IEND')),
  },
  {
    name: 'thirty thousand chunks',
    code: 'TOO_COMPLEX',
    make: () => png(pngHead(1, 1), times(30_000, chunk('tEXt')), pngData(), chunk('IEND')),
  },
  {
    name: 'garbage for pixels',
    code: 'UNREADABLE',
    make: () => png(pngHead(90, 90), chunk('IDAT', GARBAGE), chunk('IEND')),
  },
  {
    name: 'fewer pixels than it says',
    code: 'UNREADABLE',
    make: () => png(pngHead(90, 90), chunk('IDAT', deflateSync(GARBAGE)), chunk('IEND')),
  },
];

const GIFS: readonly Row[] = [
  { name: 'its first bytes alone', code: 'TRUNCATED', make: () => Buffer.from('GIF89a') },
  { name: 'cut in half', code: 'TRUNCATED', make: async () => half(await aGif()) },
  { name: 'without its end', code: 'TRUNCATED', make: () => gifOf(1).subarray(0, -1) },
  { name: 'a script behind it', code: 'TRAILING_DATA', make: () => join(gifOf(1), HTML) },
  { name: 'an archive behind it', code: 'TRAILING_DATA', make: () => join(gifOf(1), ZIP) },
  {
    name: 'a script in its place',
    code: 'MALFORMED',
    make: () => Buffer.from('GIF89a/*\x01\0\x01\0\0*/=1;alert(document.cookie)', 'latin1'),
  },
  { name: 'a thousand frames', code: 'TOO_MANY_FRAMES', make: () => gifOf(1000) },
  {
    name: 'a canvas of 65,500 times 65,500',
    code: 'TOO_MANY_PIXELS',
    make: () => gifOf(1, { width: 65_500, height: 65_500 }),
  },
  {
    name: 'a frame of 65,500 pixels on a canvas of one',
    code: 'TOO_MANY_PIXELS',
    make: () => gifOf(1, { frameWidth: 65_500 }),
  },
  { name: 'no frame', code: 'MALFORMED', make: () => gifOf(0) },
  {
    name: 'a block of no kind',
    code: 'MALFORMED',
    make: () => join(gifOf(1).subarray(0, -1), Buffer.from('?;')),
  },
];

const WEBPS: readonly Row[] = [
  { name: 'its first bytes alone', code: 'TRUNCATED', make: () => webpOf() },
  { name: 'cut in half', code: 'TRUNCATED', make: async () => half(await aWebp()) },
  {
    name: 'an archive behind it',
    code: 'TRAILING_DATA',
    make: async () => join(await aWebp(), ZIP),
  },
  {
    name: 'a length that ends before it does',
    code: 'TRAILING_DATA',
    make: async () => changed(await aWebp(), 4, Buffer.from([8, 0, 0, 0])),
  },
  {
    name: 'a chunk that is longer than all',
    code: 'MALFORMED',
    make: async () => changed(await aWebp(), 16, Buffer.from('ffffff7f', 'hex')),
  },
  {
    name: 'a canvas of 16 million times 16 million',
    code: 'TOO_MANY_PIXELS',
    make: () => webpOf(webpHead(2 ** 24, 2 ** 24), webpChunk('VP8 ', GARBAGE)),
  },
  {
    name: 'a thousand frames',
    code: 'TOO_MANY_FRAMES',
    make: () => webpOf(webpHead(9, 9), times(1000, webpChunk('ANMF', Buffer.alloc(16)))),
  },
  {
    name: 'ten thousand chunks',
    code: 'TOO_COMPLEX',
    make: () => webpOf(webpHead(9, 9), times(10_001, webpChunk('EXIF', Buffer.alloc(2)))),
  },
  { name: 'no picture', code: 'MALFORMED', make: () => webpOf(webpHead(9, 9)) },
  {
    name: 'garbage for a picture',
    code: 'UNREADABLE',
    make: () => webpOf(webpChunk('VP8 ', GARBAGE)),
  },
];

/** The size in an AVIF, replaced wherever it stands. */
async function avifOfSize(width: number, height: number): Promise<Buffer> {
  const file = await anAvif();
  return changed(file, file.indexOf('ispe') + 8, join(uint32(width), uint32(height)));
}

const AVIFS: readonly Row[] = [
  { name: 'cut in half', code: 'TRUNCATED', make: async () => half(await anAvif()) },
  { name: 'an archive behind it', code: 'TRUNCATED', make: async () => join(await anAvif(), ZIP) },
  {
    name: 'a box of no kind behind it',
    code: 'TRAILING_DATA',
    make: async () => join(await anAvif(), uint32(12), Buffer.from('html<a>?')),
  },
  {
    name: 'nothing but its brands',
    code: 'MALFORMED',
    make: async () => (await anAvif()).subarray(0, (await anAvif()).readUInt32BE(0)),
  },
  {
    name: 'garbage for what it says of itself',
    code: 'UNREADABLE',
    make: async () => {
      const file = await anAvif();
      return changed(file, file.indexOf('iinf'), Buffer.from('nope'));
    },
  },
  {
    name: '65,500 times 65,500',
    code: 'TOO_MANY_PIXELS',
    make: () => avifOfSize(65_500, 65_500),
  },
];

export const BAD_PICTURES: readonly BadFile[] = [
  ...of('image/png', PNGS),
  ...BAD_JPEGS,
  ...of('image/gif', GIFS),
  ...of('image/webp', WEBPS),
  ...of('image/avif', AVIFS),
];
