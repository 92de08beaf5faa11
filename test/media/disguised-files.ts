import type { BadFile } from './bad-file.ts';
import { ftyp, movieOf } from './made/movies.ts';
import { aGif, aJpeg, anAvif, aPng, HTML, PDF, SVG, ZIP } from './made/pictures.ts';
import { webmOf } from './made/webms.ts';

const heic = (): Buffer => Buffer.concat([ftyp('heic'), Buffer.alloc(64)]);
const WAVE = Buffer.from('RIFF$\0\0\0WAVEfmt ', 'latin1');
const PROGRAM = Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0', 'latin1');
const XML = Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), SVG]);

/** Files that say of themselves something else than was announced, or nothing. */
export const DISGUISED_FILES: readonly BadFile[] = [
  ...(
    [
      ['a drawing as PNG', 'image/png', () => SVG],
      ['a drawing with a declaration as WebP', 'image/webp', () => XML],
      ['a page as JPEG', 'image/jpeg', () => HTML],
      ['a page as a clip', 'video/mp4', () => HTML],
      ['an archive as PNG', 'image/png', () => ZIP],
      ['a document as JPEG', 'image/jpeg', () => PDF],
      ['a program as GIF', 'image/gif', () => PROGRAM],
      ['sound as WebP', 'image/webp', () => WAVE],
      ['zeros as a clip', 'video/mp4', () => Buffer.alloc(4096)],
      ['zeros as JPEG', 'image/jpeg', () => Buffer.alloc(4096)],
      ['one byte as PNG', 'image/png', () => Buffer.from('\x89', 'latin1')],
      ['PNG as JPEG', 'image/jpeg', aPng],
      ['JPEG as PNG', 'image/png', aJpeg],
      ['GIF as WebP', 'image/webp', aGif],
      ['AVIF as a clip', 'video/mp4', anAvif],
      ['a clip as AVIF', 'image/avif', () => movieOf()],
      ['MP4 as QuickTime', 'video/quicktime', () => movieOf()],
      ['QuickTime as MP4', 'video/mp4', () => movieOf({ brand: 'qt  ' })],
      ['MP4 as WebM', 'video/webm', () => movieOf()],
      ['WebM as MP4', 'video/mp4', () => webmOf()],
      ['JPEG 2000 as AVIF', 'image/avif', () => ftyp('jp2 ')],
      ['a clip of a telephone of 2005 as MP4', 'video/mp4', () => movieOf({ brand: '3gp4' })],
    ] as const
  ).map(([name, type, make]): BadFile => ({ name, type, make, code: 'WRONG_TYPE' })),
  { name: 'HEIC as JPEG', type: 'image/jpeg', make: heic, code: 'HEIC_NOT_SUPPORTED' },
  { name: 'HEIC as AVIF', type: 'image/avif', make: heic, code: 'HEIC_NOT_SUPPORTED' },
];
