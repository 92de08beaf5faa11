import { DEVICE, PLACE } from './pictures.ts';

/** One element of an EBML file: its id in hexadecimal, and its size in eight bytes. */
export function element(id: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE((1n << 56n) | BigInt(body.length));
  return Buffer.concat([Buffer.from(id, 'hex'), size, body]);
}

/** An element that does not say where it ends. */
export const endless = (id: string, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(id, 'hex'), Buffer.from('01ffffffffffffff', 'hex'), ...parts]);

export const text = (id: string, value: string): Buffer => element(id, Buffer.from(value));

export function number(id: string, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return element(id, bytes);
}

export interface WebmTrack {
  readonly type?: number;
  readonly codec?: string;
  readonly width?: number;
  readonly height?: number;
  readonly more?: readonly Buffer[];
}

export interface WebmParts {
  readonly docType?: string;
  readonly tracks?: readonly WebmTrack[] | null;
  readonly clusters?: readonly Buffer[];
  /** In the segment, behind the clusters. */
  readonly more?: readonly Buffer[];
  readonly behind?: Buffer;
  /** As a browser records: sizes are not known beforehand. */
  readonly isLive?: boolean;
}

export const SIMPLE_BLOCK = element('a3', Buffer.from('81000080', 'hex'), Buffer.from('picture'));
const TIMESTAMP = number('e7', 0);

/** Tags as recorders write them, one of them the place. */
export const TAGS = element(
  '1254c367',
  element('7373', element('67c8', text('45a3', 'LOCATION'), text('4487', PLACE))),
);

export const head = (docType: string): Buffer => element('1a45dfa3', text('4282', docType));

export const tracksOf = (tracks: readonly WebmTrack[]): Buffer =>
  element('1654ae6b', ...tracks.map(trackOf));

/** Three seconds. */
const INFO = (): Buffer => {
  const duration = Buffer.alloc(8);
  duration.writeDoubleBE(3000);
  return element(
    '1549a966',
    number('2ad7b1', 1_000_000),
    element('4489', duration),
    text('4d80', DEVICE),
    text('5741', DEVICE),
    text('7ba9', `Title ${PLACE}`),
    number('4461', 7),
  );
};

export function webmOf(parts: WebmParts = {}): Buffer {
  const { docType = 'webm', tracks = [{}], more = [], behind = Buffer.alloc(0) } = parts;
  const live = parts.isLive === true;
  const clusters = parts.clusters ?? [
    (live ? endless : element)('1f43b675', TIMESTAMP, SIMPLE_BLOCK),
    (live ? endless : element)('1f43b675', TIMESTAMP, SIMPLE_BLOCK, text('ec', DEVICE)),
  ];
  const all = [INFO(), ...(tracks === null ? [] : [tracksOf(tracks)]), ...clusters, ...more];
  const segment = live ? endless('18538067', ...all) : element('18538067', ...all);
  return Buffer.concat([head(docType), segment, behind]);
}

function trackOf({
  type = 1,
  codec = 'V_VP9',
  width = 640,
  height = 480,
  more = [],
}: WebmTrack): Buffer {
  const video = element('e0', number('b0', width), number('ba', height));
  return element(
    'ae',
    number('d7', 1),
    number('83', type),
    text('86', codec),
    text('536e', DEVICE),
    ...(type === 1 ? [video] : []),
    ...more,
  );
}
