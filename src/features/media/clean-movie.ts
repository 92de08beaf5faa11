import type { ByteFile } from './byte-file.ts';
import { BoxBudget, boxesIn, type Box } from './iso-boxes.ts';
import { CODECS, KEPT_BOXES, type ClipFacts } from './movie-shape.ts';
import { withoutSamples, type SampleTables } from './movie-samples.ts';
import {
  checkReferences,
  durationOf,
  encodingOf,
  handlerOf,
  isTurned,
  withoutName,
  withoutTimes,
} from './movie-tracks.ts';
import type { Patch } from './patches.ts';
import { demand } from './refusals.ts';

export interface CleanedClip {
  readonly facts: ClipFacts;
  /** What takes everything out that does not belong to picture and sound. */
  readonly patches: readonly Patch[];
}

const FREE = Buffer.from('free');

/**
 * Checks an MP4 or QuickTime file by its boxes, and finds what to blank: places, names, devices, times,
 * tracks besides picture and sound with all their samples, and every box that is not known. Nothing moves
 * in the file, as samples are found by where they lie.
 *
 * What encoders write into the samples of picture and sound themselves stays.
 *
 * @throws Unacceptable
 */
export async function cleanMovie(file: ByteFile): Promise<CleanedClip> {
  return new MovieCleaner(file).clean();
}

/** A track while its boxes are walked. */
interface Track {
  readonly boxes: Map<string, Box>;
  readonly patches: Patch[];
}

class MovieCleaner {
  private readonly budget = new BoxBudget();
  private readonly patches: Patch[] = [];
  private readonly media: Box[] = [];
  private movie: Box | undefined;
  private isFragmented = false;
  private facts: ClipFacts | undefined;
  private durationMs: number | null = null;

  constructor(private readonly file: ByteFile) {}

  async clean(): Promise<CleanedClip> {
    const whole = { from: 0, end: this.file.size, isWholeFile: true };
    for await (const box of boxesIn(this.file, whole, this.budget)) {
      demand((box.type === 'ftyp') === (box.at === 0), 'MALFORMED');
      await this.topLevel(box);
    }
    // A recording that was broken off has no movie box: it is written last.
    demand(this.movie !== undefined, 'TRUNCATED');
    demand(this.media.length > 0, 'TRUNCATED');
    await this.movieBox(this.movie);
    demand(this.facts !== undefined, 'NO_PICTURE');
    return { facts: { ...this.facts, durationMs: this.durationMs }, patches: this.patches };
  }

  private async topLevel(box: Box): Promise<void> {
    if (!KEPT_BOXES['file']!.has(box.type)) {
      this.patches.push(...blanked(box));
      return;
    }
    if (box.type === 'mdat') this.media.push(box);
    if (box.type === 'moof') this.isFragmented = true;
    if (box.type === 'moof' || box.type === 'mfra') await this.plainBoxes(box);
    if (box.type !== 'moov') return;
    demand(this.movie === undefined, 'MALFORMED');
    this.movie = box;
  }

  /** Boxes that hold numbers only: those that are not known are blanked. */
  private async plainBoxes(parent: Box): Promise<void> {
    for await (const box of this.childrenOf(parent)) {
      if (!KEPT_BOXES[parent.type]!.has(box.type)) this.patches.push(...blanked(box));
      else if (box.type in KEPT_BOXES) await this.plainBoxes(box);
    }
  }

  private async movieBox(movie: Box): Promise<void> {
    for await (const box of this.childrenOf(movie)) {
      if (!KEPT_BOXES['moov']!.has(box.type)) this.patches.push(...blanked(box));
      else if (box.type === 'mvex') await this.plainBoxes(box);
      else if (box.type === 'trak') await this.trackBox(box);
      else {
        this.patches.push(await withoutTimes(this.file, box));
        this.durationMs = await durationOf(this.file, box);
      }
    }
  }

  private async trackBox(box: Box): Promise<void> {
    const track: Track = { boxes: new Map(), patches: [] };
    await this.walkTrack(box, track);
    const { tkhd, mdhd, hdlr, dref, stsd, ...tables } = Object.fromEntries(track.boxes);
    demand(tkhd !== undefined && hdlr !== undefined && mdhd !== undefined, 'MALFORMED');
    const handler = await handlerOf(this.file, hdlr);
    if (!(handler in CODECS)) {
      if (dref !== undefined) await checkReferences(this.file, dref);
      await this.dropTrack(box, tables);
      return;
    }
    demand(stsd !== undefined && dref !== undefined, 'MALFORMED');
    await checkReferences(this.file, dref);
    const { width, height, patches } = await encodingOf(this.file, stsd, handler);
    this.patches.push(...track.patches, ...patches);
    for (const header of [tkhd, mdhd]) this.patches.push(await withoutTimes(this.file, header));
    if (handler !== 'vide') return;
    const shown = (await isTurned(this.file, tkhd)) ? [height, width] : [width, height];
    this.facts ??= { width: shown[0]!, height: shown[1]!, durationMs: null };
  }

  /** Which samples of fragments belong to it is not looked for: telephones write none such. */
  private async dropTrack(box: Box, tables: SampleTables): Promise<void> {
    demand(!this.isFragmented, 'HIDDEN_TRACK');
    const samples = await withoutSamples(this.file, tables, this.media);
    this.patches.push(...samples, ...blanked(box));
  }

  /** The handler of the media comes before one of the samples, which QuickTime has as well. */
  private async walkTrack(parent: Box, track: Track): Promise<void> {
    for await (const box of this.childrenOf(parent)) {
      if (!KEPT_BOXES[parent.type]!.has(box.type)) {
        track.patches.push(...blanked(box));
        continue;
      }
      if (box.type === 'hdlr') track.patches.push(withoutName(box));
      if (box.type === 'hdlr' && parent.type === 'minf') continue;
      if (box.type in KEPT_BOXES) await this.walkTrack(box, track);
      demand(!track.boxes.has(box.type), 'MALFORMED');
      track.boxes.set(box.type, box);
    }
  }

  private childrenOf({ body, end }: Box): AsyncGenerator<Box> {
    return boxesIn(this.file, { from: body, end, isWholeFile: false }, this.budget);
  }
}

/** Free space of the same length. */
const blanked = ({ at, body, end }: Box): readonly Patch[] => [
  { at: at + 4, bytes: FREE },
  { at: body, zeros: end - body },
];
