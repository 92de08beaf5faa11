import { DEVICE, PLACE, uint32 } from './pictures.ts';

/** One box of an ISO base media file. */
export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

/** A box with a version and flags. */
export const fullBox = (type: string, flags: number, ...parts: readonly Buffer[]): Buffer =>
  box(type, uint32(flags), ...parts);

export const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** When it was taken, in seconds since 1904. */
export const TAKEN = uint32(0xe1234567);

export interface TrackParts {
  readonly handler?: string;
  readonly codec?: string;
  readonly width?: number;
  readonly height?: number;
  readonly samples?: readonly Buffer[];
  /** Where the samples lie, instead of where they do. */
  readonly offset?: number;
  /** Replaces the table of sizes. */
  readonly stsz?: Buffer;
  readonly dref?: Buffer;
  readonly stsd?: Buffer;
  /** Behind the boxes of the track. */
  readonly more?: readonly Buffer[];
  readonly without?: string;
  readonly isTurned?: boolean;
}

export interface MovieParts {
  readonly brand?: string;
  readonly tracks?: readonly TrackParts[];
  readonly timescale?: number;
  /** In the movie box, behind its tracks. */
  readonly more?: readonly Buffer[];
  /** Behind everything. */
  readonly behind?: Buffer;
  /** Between the brands and the samples. */
  readonly between?: Buffer;
}

export const PICTURE: TrackParts = { samples: [latin1('picture sample 1'), latin1('picture 2')] };
export const SOUND: TrackParts = {
  handler: 'soun',
  codec: 'mp4a',
  samples: [latin1('sound sample')],
};
/** As cameras write it: a place a second. */
export const PLACES: TrackParts = {
  handler: 'meta',
  codec: 'gpmd',
  samples: [latin1(`at ${PLACE} now`), latin1(`and at ${PLACE} then`)],
};

export const ftyp = (brand: string): Buffer => box('ftyp', latin1(brand), uint32(0), latin1(brand));

/** Brands, samples, movie: three seconds of it. */
export function movieOf(parts: MovieParts = {}): Buffer {
  const { brand = 'isom', tracks = [PICTURE], behind = zeros(0), between = zeros(0) } = parts;
  const head = Buffer.concat([ftyp(brand), between]);
  let offset = head.length + 8;
  const boxes = tracks.map((track, at) => {
    const made = trackOf(track, at + 1, track.offset ?? offset);
    offset += Buffer.concat(track.samples ?? []).length;
    return made;
  });
  const mdat = box('mdat', ...tracks.flatMap(({ samples = [] }) => samples));
  return Buffer.concat([head, mdat, movieBox(boxes, parts), behind]);
}

export const movieBox = (
  tracks: readonly Buffer[],
  { timescale = 1000, more = [] }: MovieParts = {},
): Buffer =>
  box(
    'moov',
    fullBox('mvhd', 0, TAKEN, TAKEN, uint32(timescale), uint32(3000), zeros(80)),
    ...tracks,
    ...more,
  );

export function trackOf(parts: TrackParts, id: number, offset: number): Buffer {
  const { handler = 'vide', without, more = [], isTurned = false } = parts;
  const all = [
    fullBox(
      'tkhd',
      7,
      TAKEN,
      TAKEN,
      uint32(id),
      zeros(4),
      uint32(3000),
      zeros(16),
      matrix(isTurned),
      zeros(8),
    ),
    box(
      'mdia',
      ...kept(without, [
        fullBox('mdhd', 0, TAKEN, TAKEN, uint32(1000), uint32(3000), zeros(4)),
        fullBox('hdlr', 0, zeros(4), latin1(handler), zeros(12), latin1(`${DEVICE}\0`)),
        box('minf', dinf(parts), sampleTables(parts, offset)),
      ]),
    ),
    ...more,
  ];
  return box('trak', ...kept(without, all));
}

const kept = (without: string | undefined, boxes: readonly Buffer[]): readonly Buffer[] =>
  boxes.filter((one) => one.toString('latin1', 4, 8) !== without);

const matrix = (isTurned: boolean): Buffer => {
  const one = 0x10000;
  const values = isTurned
    ? [0, one, 0, one, 0, 0, 0, 0, 0x40000000]
    : [one, 0, 0, 0, one, 0, 0, 0, 0x40000000];
  return Buffer.concat(values.map(uint32));
};

const dinf = ({ dref }: TrackParts): Buffer =>
  box('dinf', dref ?? fullBox('dref', 0, uint32(1), fullBox('url ', 1)));

/** All samples in one chunk. */
function sampleTables(parts: TrackParts, offset: number): Buffer {
  const { samples = [], stsd, stsz } = parts;
  return box(
    'stbl',
    stsd ?? fullBox('stsd', 0, uint32(1), sampleEntry(parts)),
    fullBox('stts', 0, uint32(1), uint32(samples.length), uint32(1000)),
    fullBox('stsc', 0, uint32(1), uint32(1), uint32(samples.length), uint32(1)),
    stsz ??
      fullBox(
        'stsz',
        0,
        uint32(0),
        uint32(samples.length),
        ...samples.map(({ length }) => uint32(length)),
      ),
    fullBox('stco', 0, uint32(1), uint32(offset)),
  );
}

export function sampleEntry({ handler, codec, width = 640, height = 480 }: TrackParts): Buffer {
  if (handler !== undefined && handler !== 'vide') return box(codec ?? 'mp4a', zeros(28));
  const body = zeros(78);
  body.writeUInt16BE(width, 24);
  body.writeUInt16BE(height, 26);
  body.write(`\x10${DEVICE}`, 42, 'latin1');
  return box(codec ?? 'avc1', body, box('avcC', zeros(7)));
}

/** As telephones write the place: in user data, in the metadata of QuickTime, and as XMP. */
export const PLACE_BOXES: readonly Buffer[] = [
  box('udta', box('\xa9xyz', latin1(`\0\x12\x15\xc7${PLACE}/`)), box('\xa9mak', latin1(DEVICE))),
  box(
    'meta',
    fullBox('hdlr', 0, zeros(4), latin1('mdta'), zeros(13)),
    box('keys', latin1('com.apple.quicktime.location.ISO6709')),
    box('ilst', latin1(PLACE)),
  ),
  box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), latin1(`<x>${PLACE}</x>`)),
];

/** As browsers record: a movie without samples, then fragments. */
export function fragmentedMovie(tracks: readonly TrackParts[] = [{ samples: [] }]): Buffer {
  const boxes = tracks.map((track, at) => trackOf(track, at + 1, 0));
  const extends_ = box('mvex', fullBox('trex', 0, zeros(20)));
  const fragment = box(
    'moof',
    fullBox('mfhd', 0, uint32(1)),
    box(
      'traf',
      fullBox('tfhd', 0, uint32(1)),
      fullBox('trun', 0, uint32(1)),
      box('udta', latin1(PLACE)),
    ),
  );
  const media = box('mdat', latin1('picture'));
  return Buffer.concat([ftyp('iso5'), movieBox(boxes, { more: [extends_] }), fragment, media]);
}
