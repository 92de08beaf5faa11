import type { ByteFile } from './byte-file.ts';
import type { CleanedClip } from './clean-movie.ts';
import { ElementReader, type Element } from './ebml.ts';
import { MOST_CLIP_PIXELS } from './movie-shape.ts';
import type { Patch } from './patches.ts';
import { demand } from './refusals.ts';

type Ended = Element & { readonly end: number };

/** Ids of elements. Source: RFC 9559 section 5. */
const ID = {
  EBML: 0x1a45dfa3,
  DOC_TYPE: 0x4282,
  SEGMENT: 0x18538067,
  INFO: 0x1549a966,
  TRACKS: 0x1654ae6b,
  CLUSTER: 0x1f43b675,
  TIMESTAMP_SCALE: 0x2ad7b1,
  DURATION: 0x4489,
  MUXING_APP: 0x4d80,
  WRITING_APP: 0x5741,
  TRACK: 0xae,
  TRACK_TYPE: 0x83,
  CODEC_ID: 0x86,
  VIDEO: 0xe0,
  ENCODINGS: 0x6d80,
  PIXEL_WIDTH: 0xb0,
  PIXEL_HEIGHT: 0xba,
} as const;

const SEEK_HEAD = 0x114d9b74;
const CUES = 0x1c53bb6b;
/** Tags, attachments, chapters, checksums and free space. */
const BLANKED: ReadonlySet<number> = new Set([0x1254c367, 0x1941a469, 0x1043a770, 0xbf, 0xec]);
/** Timestamp, blocks, the size of the cluster before, the place of this one. */
const IN_CLUSTER: ReadonlySet<number> = new Set([0xe7, 0xa3, 0xa0, 0xab, 0xa7]);
/** Number, uid, flags, language, codec and its settings, default duration, delays, what is seen and heard. */
const IN_TRACK: ReadonlySet<number> = new Set([
  0xd7, 0x73c5, 0xb9, 0x88, 0x55aa, 0x9c, 0x22b59c, 0x22b59d, 0x63a2, 0x23e383, 0x56aa, 0x56bb,
  0xe1, 0x6de7, 0x6df8, 0x55ee, 0x41e4, 0x23314f, 0x234e7a, 0xaa,
]);

const CODECS: ReadonlyMap<number, RegExp> = new Map([
  [1, /^V_(VP8|VP9|AV1)$/],
  [2, /^A_(OPUS|VORBIS)$/],
]);

const DEFAULT_SCALE_NS = 1_000_000;

/**
 * Checks a WebM file by its elements, and finds what to blank: tags, attachments, chapters, names, dates
 * and every element that is not known. Nothing moves in the file.
 *
 * @throws Unacceptable
 */
export async function cleanWebm(file: ByteFile): Promise<CleanedClip> {
  return new WebmCleaner(new ElementReader(file)).clean();
}

class WebmCleaner {
  private readonly patches: Patch[] = [];
  private size: { readonly width: number; readonly height: number } | undefined;
  private durationMs: number | null = null;
  private clusters = 0;

  constructor(private readonly reader: ElementReader) {}

  async clean(): Promise<CleanedClip> {
    const { size: fileEnd } = this.reader.file;
    const header = await this.reader.elementAt(0, fileEnd);
    demand(header.id === ID.EBML && header.end !== null, 'MALFORMED');
    await this.checkHeader({ ...header, end: header.end });
    const segment = await this.reader.elementAt(header.end, fileEnd);
    demand(segment.id === ID.SEGMENT, 'MALFORMED');
    const end = segment.end ?? fileEnd;
    demand(end === fileEnd, 'TRAILING_DATA');
    for (let at = segment.body; at < end;) at = await this.topLevel(at, end);
    demand(this.clusters > 0, 'TRUNCATED');
    demand(this.size !== undefined, 'NO_PICTURE');
    return { facts: { ...this.size, durationMs: this.durationMs }, patches: this.patches };
  }

  private async checkHeader(header: Ended): Promise<void> {
    let type = '';
    for await (const element of this.reader.within(header.body, header.end)) {
      if (element.id === ID.DOC_TYPE) type = await this.reader.text(element);
    }
    demand(type === 'webm', 'WRONG_TYPE');
  }

  /** @returns where the next one begins */
  private async topLevel(at: number, limit: number): Promise<number> {
    const element = await this.reader.elementAt(at, limit);
    if (element.id === ID.CLUSTER) return this.cluster(element, limit);
    demand(element.end !== null, 'MALFORMED');
    const ended = { ...element, end: element.end };
    if (element.id === ID.INFO) await this.info(ended);
    else if (element.id === ID.TRACKS) await this.tracks(ended);
    else if (BLANKED.has(element.id)) this.blank(ended);
    else demand(element.id === SEEK_HEAD || element.id === CUES, 'MALFORMED');
    return element.end;
  }

  private async cluster(cluster: Element, limit: number): Promise<number> {
    this.clusters += 1;
    const end = cluster.end ?? limit;
    for (let at = cluster.body; at < end;) {
      const element = await this.reader.elementAt(at, end);
      const isInside = cluster.end !== null || IN_CLUSTER.has(element.id) || element.id === 0xec;
      if (!isInside) return at;
      demand(element.end !== null, 'MALFORMED');
      if (!IN_CLUSTER.has(element.id)) this.blank({ ...element, end: element.end });
      at = element.end;
    }
    return end;
  }

  private async info(info: Ended): Promise<void> {
    let scaleNs = DEFAULT_SCALE_NS;
    let duration: number | null = null;
    for await (const element of this.reader.within(info.body, info.end)) {
      const { id, body, end } = element;
      if (id === ID.TIMESTAMP_SCALE) scaleNs = await this.reader.number(element);
      else if (id === ID.DURATION) duration = await this.float(element);
      else if (id === ID.MUXING_APP || id === ID.WRITING_APP) {
        this.patches.push({ at: body, zeros: end - body });
      } else this.blank(element);
    }
    const ms = Math.round(((duration ?? 0) * scaleNs) / 1_000_000);
    if (ms > 0 && ms <= 0x7fff_ffff) this.durationMs = ms;
  }

  private async float({ body, end }: Ended): Promise<number> {
    demand(end - body === 4 || end - body === 8, 'MALFORMED');
    const bytes = await this.reader.file.read(body, end - body);
    return bytes.length === 4 ? bytes.readFloatBE(0) : bytes.readDoubleBE(0);
  }

  private async tracks(tracks: Ended): Promise<void> {
    for await (const element of this.reader.within(tracks.body, tracks.end)) {
      if (element.id === ID.TRACK) await this.track(element);
      else this.blank(element);
    }
  }

  private async track(track: Ended): Promise<void> {
    let type = 0;
    let codec = '';
    let size: { readonly width: number; readonly height: number } | undefined;
    for await (const element of this.reader.within(track.body, track.end)) {
      const { id } = element;
      if (id === ID.TRACK_TYPE) type = await this.reader.number(element);
      else if (id === ID.CODEC_ID) codec = await this.reader.text(element);
      else if (id === ID.VIDEO) size = await this.pixels(element);
      else if (id === ID.ENCODINGS) demand(false, 'UNSUPPORTED_CODEC');
      else if (!IN_TRACK.has(id)) this.blank(element);
    }
    const codecs = CODECS.get(type);
    demand(codecs !== undefined, 'HIDDEN_TRACK');
    demand(codecs.test(codec), 'UNSUPPORTED_CODEC');
    if (type !== 1) return;
    demand(size !== undefined, 'MALFORMED');
    this.size ??= size;
  }

  private async pixels(video: Ended): Promise<{ width: number; height: number }> {
    let [width, height] = [0, 0];
    for await (const element of this.reader.within(video.body, video.end)) {
      if (element.id === ID.PIXEL_WIDTH) width = await this.reader.number(element);
      if (element.id === ID.PIXEL_HEIGHT) height = await this.reader.number(element);
    }
    demand(width * height > 0, 'MALFORMED');
    demand(width * height <= MOST_CLIP_PIXELS, 'TOO_MANY_PIXELS');
    return { width, height };
  }

  private blank(element: Ended): void {
    this.patches.push(...voided(element));
  }
}

/** A void element of the same length: its id, its size in one byte or eight, and zeros. */
function voided({ at, end }: Ended): readonly Patch[] {
  const bytes = end - at;
  const isShort = bytes - 2 < 127;
  const head = Buffer.alloc(isShort ? 2 : 9);
  head[0] = 0xec;
  if (isShort) head[1] = 0x80 | (bytes - 2);
  else head.writeBigUInt64BE((1n << 56n) | BigInt(bytes - 9), 1);
  return [
    { at, bytes: head },
    { at: at + head.length, zeros: bytes - head.length },
  ];
}
