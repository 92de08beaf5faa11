import { half, join, of, type BadFile, type Row } from './bad-file.ts';
import {
  box,
  fragmentedMovie,
  ftyp,
  fullBox,
  movieBox,
  movieOf,
  PICTURE,
  PLACES,
  sampleEntry,
  SOUND,
  trackOf,
  zeros,
} from './made/movies.ts';
import { changed, HTML, uint32, ZIP } from './made/pictures.ts';
import { element, endless, head, SIMPLE_BLOCK, webmOf } from './made/webms.ts';

const MDAT = box('mdat', Buffer.from('picture'));
const external = fullBox('url ', 0, Buffer.from('http://169.254.169.254/latest\0'));

/** A box of a given type, and what its length says instead. */
function lying(file: Buffer, type: string, size: number): Buffer {
  return changed(file, file.indexOf(type) - 4, uint32(size));
}

const MOVIES: readonly Row[] = [
  { name: 'its brands alone', code: 'TRUNCATED', make: () => ftyp('isom') },
  { name: 'cut in half', code: 'TRUNCATED', make: () => half(movieOf()) },
  { name: 'broken off while recording', code: 'TRUNCATED', make: () => join(ftyp('isom'), MDAT) },
  {
    name: 'no samples',
    code: 'TRUNCATED',
    make: () => join(ftyp('isom'), movieBox([trackOf(PICTURE, 1, 0)])),
  },
  { name: 'an archive behind it', code: 'TRUNCATED', make: () => movieOf({ behind: ZIP }) },
  { name: 'a page behind it', code: 'TRUNCATED', make: () => movieOf({ behind: HTML }) },
  {
    name: 'a box shorter than its head',
    code: 'MALFORMED',
    make: () => lying(movieOf(), 'mdat', 4),
  },
  {
    name: 'a box that goes on behind the end',
    code: 'TRUNCATED',
    make: () => lying(movieOf(), 'mdat', 0x7fff_ffff),
  },
  {
    name: 'a box of nine quintillion bytes',
    code: 'TRUNCATED',
    make: () =>
      movieOf({
        between: join(uint32(1), Buffer.from('mdat'), Buffer.from('7fffffffffffffff', 'hex')),
      }),
  },
  {
    name: 'a long box shorter than its head',
    code: 'MALFORMED',
    make: () =>
      movieOf({
        between: join(uint32(1), Buffer.from('mdat'), Buffer.from('0000000000000008', 'hex')),
      }),
  },
  {
    name: 'a box within another that goes on to the end',
    code: 'MALFORMED',
    make: () => lying(movieOf(), 'trak', 0),
  },
  {
    name: 'a box longer than the one around it',
    code: 'MALFORMED',
    make: () => lying(movieOf(), 'stsd', 0x00ff_ffff),
  },
  {
    name: 'two hundred thousand empty boxes',
    code: 'TOO_COMPLEX',
    make: () => movieOf({ between: Buffer.alloc(1_600_000, box('free')) }),
  },
  {
    name: 'a hundred thousand empty boxes in the movie',
    code: 'TOO_COMPLEX',
    make: () => movieOf({ more: [Buffer.alloc(800_000, box('free'))] }),
  },
  {
    name: 'two movies',
    code: 'MALFORMED',
    make: () => movieOf({ behind: movieBox([trackOf(PICTURE, 1, 0)]) }),
  },
  { name: 'brands twice', code: 'MALFORMED', make: () => movieOf({ behind: ftyp('isom') }) },
  { name: 'sound alone', code: 'NO_PICTURE', make: () => movieOf({ tracks: [SOUND] }) },
  { name: 'no track', code: 'NO_PICTURE', make: () => join(ftyp('isom'), MDAT, movieBox([])) },
  {
    name: 'a codec that nobody knows',
    code: 'UNSUPPORTED_CODEC',
    make: () => movieOf({ tracks: [{ ...PICTURE, codec: 'evil' }] }),
  },
  {
    name: 'encrypted',
    code: 'UNSUPPORTED_CODEC',
    make: () => movieOf({ tracks: [{ ...PICTURE, codec: 'encv' }] }),
  },
  {
    name: 'sound of a codec of pictures',
    code: 'UNSUPPORTED_CODEC',
    make: () => movieOf({ tracks: [PICTURE, { ...SOUND, codec: 'avc1' }] }),
  },
  {
    name: 'samples at an address of the network',
    code: 'EXTERNAL_DATA',
    make: () =>
      movieOf({ tracks: [{ ...PICTURE, dref: fullBox('dref', 0, uint32(1), external) }] }),
  },
  {
    name: 'samples elsewhere, in the second place',
    code: 'EXTERNAL_DATA',
    make: () =>
      movieOf({
        tracks: [{ ...PICTURE, dref: fullBox('dref', 0, uint32(2), fullBox('url ', 1), external) }],
      }),
  },
  {
    name: 'a reference longer than its list',
    code: 'MALFORMED',
    make: () =>
      movieOf({
        tracks: [{ ...PICTURE, dref: fullBox('dref', 0, uint32(1), lyingReference()) }],
      }),
  },
  {
    name: '65,535 times 65,535',
    code: 'TOO_MANY_PIXELS',
    make: () => movieOf({ tracks: [{ ...PICTURE, width: 65_535, height: 65_535 }] }),
  },
  {
    name: 'no width',
    code: 'MALFORMED',
    make: () => movieOf({ tracks: [{ ...PICTURE, width: 0 }] }),
  },
  {
    name: 'four billion descriptions of samples',
    code: 'MALFORMED',
    make: () =>
      movieOf({
        tracks: [{ ...PICTURE, stsd: fullBox('stsd', 0, uint32(0xffff_ffff), sampleEntry({})) }],
      }),
  },
  {
    name: 'fewer descriptions of samples than it says',
    code: 'MALFORMED',
    make: () =>
      movieOf({ tracks: [{ ...PICTURE, stsd: fullBox('stsd', 0, uint32(2), sampleEntry({})) }] }),
  },
  { name: 'no units of time', code: 'MALFORMED', make: () => movieOf({ timescale: 0 }) },
  ...['tkhd', 'mdia', 'mdhd', 'hdlr', 'minf'].map((without): Row => ({
    name: `a track without ${without}`,
    code: 'MALFORMED',
    make: () => movieOf({ tracks: [{ ...PICTURE, without }] }),
  })),
  {
    name: 'a track with two handlers',
    code: 'MALFORMED',
    make: () =>
      movieOf({ tracks: [{ ...PICTURE, more: [box('mdia', fullBox('hdlr', 0, zeros(20)))] }] }),
  },
  {
    name: 'places whose samples lie elsewhere in the file',
    code: 'MALFORMED',
    make: () => movieOf({ tracks: [PICTURE, { ...PLACES, offset: 4 }] }),
  },
  {
    name: 'places whose samples lie behind the end',
    code: 'MALFORMED',
    make: () => movieOf({ tracks: [PICTURE, { ...PLACES, offset: 0x7fff_ffff }] }),
  },
  {
    name: 'places with four billion samples',
    code: 'TOO_COMPLEX',
    make: () =>
      movieOf({
        tracks: [PICTURE, { ...PLACES, stsz: fullBox('stsz', 0, uint32(1), uint32(0xffff_ffff)) }],
      }),
  },
  {
    name: 'places with fewer sizes than samples',
    code: 'MALFORMED',
    make: () =>
      movieOf({ tracks: [PICTURE, { ...PLACES, stsz: fullBox('stsz', 0, uint32(0), uint32(9)) }] }),
  },
  {
    name: 'places that do not say where their samples lie',
    code: 'HIDDEN_TRACK',
    make: () => movieOf({ tracks: [PICTURE, { ...PLACES, stsz: zeros(0) }] }),
  },
  {
    name: 'places in fragments',
    code: 'HIDDEN_TRACK',
    make: () => fragmentedMovie([{ samples: [] }, { ...PLACES, samples: [] }]),
  },
];

function lyingReference(): Buffer {
  const reference = fullBox('url ', 1);
  reference.writeUInt32BE(1000, 0);
  return reference;
}

const WEBMS: readonly Row[] = [
  { name: 'its head alone', code: 'TRUNCATED', make: () => head('webm') },
  { name: 'its first bytes alone', code: 'TRUNCATED', make: () => Buffer.from('1a45dfa3', 'hex') },
  { name: 'cut in half', code: 'TRUNCATED', make: () => half(webmOf()) },
  { name: 'Matroska', code: 'WRONG_TYPE', make: () => webmOf({ docType: 'matroska' }) },
  { name: 'no cluster', code: 'TRUNCATED', make: () => webmOf({ clusters: [] }) },
  { name: 'no tracks', code: 'NO_PICTURE', make: () => webmOf({ tracks: null }) },
  {
    name: 'sound alone',
    code: 'NO_PICTURE',
    make: () => webmOf({ tracks: [{ type: 2, codec: 'A_OPUS' }] }),
  },
  {
    name: 'a track of subtitles',
    code: 'HIDDEN_TRACK',
    make: () => webmOf({ tracks: [{}, { type: 17, codec: 'S_TEXT/UTF8' }] }),
  },
  {
    name: 'a track of places',
    code: 'HIDDEN_TRACK',
    make: () => webmOf({ tracks: [{}, { type: 33, codec: 'M_GPS' }] }),
  },
  {
    name: 'a codec that browsers do not play',
    code: 'UNSUPPORTED_CODEC',
    make: () => webmOf({ tracks: [{ codec: 'V_MPEGH/ISO/HEVC' }] }),
  },
  {
    name: 'encrypted',
    code: 'UNSUPPORTED_CODEC',
    make: () => webmOf({ tracks: [{ more: [element('6d80')] }] }),
  },
  {
    name: 'a billion pixels',
    code: 'TOO_MANY_PIXELS',
    make: () => webmOf({ tracks: [{ width: 32_000, height: 32_000 }] }),
  },
  { name: 'no height', code: 'MALFORMED', make: () => webmOf({ tracks: [{ height: 0 }] }) },
  { name: 'an archive behind it', code: 'TRAILING_DATA', make: () => webmOf({ behind: ZIP }) },
  {
    name: 'an archive behind a recording without an end',
    code: 'TRUNCATED',
    make: () => webmOf({ isLive: true, behind: ZIP }),
  },
  {
    name: 'an element of no kind',
    code: 'MALFORMED',
    make: () => webmOf({ more: [element('1a2b3c4d', HTML)] }),
  },
  {
    name: 'an id that no id begins with',
    code: 'MALFORMED',
    make: () => webmOf({ more: [Buffer.from('008100', 'hex')] }),
  },
  {
    name: 'an element longer than the one around it',
    code: 'MALFORMED',
    make: () =>
      webmOf({
        clusters: [element('1f43b675', Buffer.from('a3ff', 'hex'), Buffer.from('4ffe', 'hex'))],
      }),
  },
  {
    name: 'a block without an end',
    code: 'MALFORMED',
    make: () => webmOf({ clusters: [element('1f43b675', endless('a3', Buffer.alloc(9)))] }),
  },
  {
    name: 'tracks without an end',
    code: 'MALFORMED',
    make: () => webmOf({ tracks: null, more: [endless('1654ae6b', SIMPLE_BLOCK)] }),
  },
  {
    name: 'more than a million elements',
    code: 'TOO_COMPLEX',
    make: () =>
      webmOf({
        clusters: [element('1f43b675', Buffer.alloc(2_100_000, Buffer.from('a380', 'hex')))],
      }),
  },
];

export const BAD_CLIPS: readonly BadFile[] = [
  ...of('video/mp4', MOVIES),
  ...of('video/webm', WEBMS),
];
