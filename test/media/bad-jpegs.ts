import { GARBAGE, half, join, of, times, type BadFile, type Row } from './bad-file.ts';
import {
  aJpeg,
  HTML,
  JPEG_END,
  JPEG_START,
  jpegFrame,
  jpegScan,
  PDF,
  segment,
  ZIP,
} from './made/pictures.ts';

const JPEGS: readonly Row[] = [
  { name: 'its first bytes alone', code: 'TRUNCATED', make: () => Buffer.from('ffd8ff', 'hex') },
  { name: 'cut in half', code: 'TRUNCATED', make: async () => half(await aJpeg()) },
  { name: 'without its end', code: 'TRUNCATED', make: async () => (await aJpeg()).subarray(0, -2) },
  {
    name: 'nothing between start and end',
    code: 'MALFORMED',
    make: () => join(JPEG_START, JPEG_END),
  },
  {
    name: 'an archive behind it',
    code: 'TRAILING_DATA',
    make: async () => join(await aJpeg(), ZIP),
  },
  { name: 'a page behind it', code: 'TRAILING_DATA', make: async () => join(await aJpeg(), HTML) },
  {
    name: 'a document behind it',
    code: 'TRAILING_DATA',
    make: async () => join(await aJpeg(), PDF),
  },
  {
    name: 'a program behind it',
    code: 'TRAILING_DATA',
    make: async () => join(await aJpeg(), Buffer.from('<?php system($_GET[0]);')),
  },
  {
    name: 'a segment shorter than its own length',
    code: 'MALFORMED',
    make: () => join(JPEG_START, Buffer.from('ffe00001', 'hex'), JPEG_END),
  },
  {
    name: 'a segment that goes on behind the end',
    code: 'TRUNCATED',
    make: () => join(JPEG_START, Buffer.from('ffe0ffff', 'hex'), JPEG_END),
  },
  {
    name: 'something else than a marker',
    code: 'MALFORMED',
    make: () => join(JPEG_START, segment(0xe0, Buffer.alloc(2)), GARBAGE),
  },
  {
    name: 'a start within it',
    code: 'MALFORMED',
    make: () => join(JPEG_START, segment(0xe0, Buffer.alloc(2)), JPEG_START, JPEG_END),
  },
  {
    name: '65,500 times 65,500',
    code: 'TOO_MANY_PIXELS',
    make: () => join(JPEG_START, jpegFrame(65_500, 65_500), jpegScan(), JPEG_END),
  },
  {
    name: 'no height',
    code: 'MALFORMED',
    make: () => join(JPEG_START, jpegFrame(8, 0), jpegScan(), JPEG_END),
  },
  {
    name: 'a scan without a frame',
    code: 'MALFORMED',
    make: () => join(JPEG_START, segment(0xe0, Buffer.alloc(2)), jpegScan(), JPEG_END),
  },
  {
    name: 'two frames',
    code: 'MALFORMED',
    make: () => join(JPEG_START, jpegFrame(8, 8), jpegFrame(8, 8), jpegScan(), JPEG_END),
  },
  {
    name: 'two hundred scans',
    code: 'TOO_COMPLEX',
    make: () => join(JPEG_START, jpegFrame(8, 8), times(200, jpegScan()), JPEG_END),
  },
  {
    name: 'no tables to decode it by',
    code: 'UNREADABLE',
    make: () => join(JPEG_START, jpegFrame(8, 8), jpegScan(), JPEG_END),
  },
];

export const BAD_JPEGS: readonly BadFile[] = of('image/jpeg', JPEGS);
