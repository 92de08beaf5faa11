import type { ByteFile } from './byte-file.ts';
import type { Box } from './iso-boxes.ts';
import type { Patch } from './patches.ts';
import { demand } from './refusals.ts';

/** More than an hour of 100 samples a second. */
const MOST_SAMPLES = 500_000;

/** The tables of a track that tell where its samples lie. */
export interface SampleTables {
  readonly stsc?: Box;
  readonly stsz?: Box;
  readonly stco?: Box;
  readonly co64?: Box;
}

/**
 * Blanks all samples of a track. They lie in chunks; a run of chunks has the same number of samples each.
 *
 * Source: ISO/IEC 14496-12 sections 8.7.3 to 8.7.5.
 *
 * @param media where samples may lie
 * @throws Unacceptable if the tables do not say it
 */
export async function withoutSamples(
  file: ByteFile,
  { stsc, stsz, stco, co64 }: SampleTables,
  media: readonly Box[],
): Promise<readonly Patch[]> {
  const offsets = co64 ?? stco;
  demand(stsc !== undefined && stsz !== undefined && offsets !== undefined, 'HIDDEN_TRACK');
  const sizes = new SampleSizes(file, stsz);
  const samples = await sizes.count();
  const runs = await readRuns(file, stsc);
  const width = offsets === co64 ? 8 : 4;
  const chunks = await countOf(file, offsets, width);
  const patches: Patch[] = [];
  let run = 0;
  let next = 0;
  for (let chunk = 1; chunk <= chunks && next < samples; chunk++) {
    while (run + 1 < runs.length && runs[run + 1]!.firstChunk <= chunk) run += 1;
    const field = await file.read(offsets.body + 8 + (chunk - 1) * width, width);
    const at = width === 8 ? Number(field.readBigUInt64BE(0)) : field.readUInt32BE(0);
    const upTo = Math.min(samples, next + (runs[run]?.samples ?? 0));
    let zeros = 0;
    for (; next < upTo; next++) zeros += await sizes.of(next);
    if (zeros === 0) continue;
    const isInside = media.some(({ body, end }) => at >= body && at + zeros <= end);
    demand(isInside, 'MALFORMED');
    patches.push({ at, zeros });
  }
  demand(next === samples, 'MALFORMED');
  return patches;
}

class SampleSizes {
  private same = 0;

  constructor(
    private readonly file: ByteFile,
    private readonly box: Box,
  ) {}

  async count(): Promise<number> {
    const { body, end } = this.box;
    demand(end - body >= 12, 'MALFORMED');
    const head = await this.file.read(body, 12);
    this.same = head.readUInt32BE(4);
    const count = head.readUInt32BE(8);
    demand(count <= MOST_SAMPLES, 'TOO_COMPLEX');
    demand(this.same > 0 || body + 12 + count * 4 <= end, 'MALFORMED');
    return count;
  }

  async of(sample: number): Promise<number> {
    if (this.same > 0) return this.same;
    return (await this.file.read(this.box.body + 12 + sample * 4, 4)).readUInt32BE(0);
  }
}

interface Run {
  /** From 1. */
  readonly firstChunk: number;
  /** In each chunk of the run. */
  readonly samples: number;
}

async function readRuns(file: ByteFile, stsc: Box): Promise<readonly Run[]> {
  const count = await countOf(file, stsc, 12);
  const runs: Run[] = [];
  for (let at = stsc.body + 8; runs.length < count; at += 12) {
    const entry = await file.read(at, 8);
    runs.push({ firstChunk: entry.readUInt32BE(0), samples: entry.readUInt32BE(4) });
  }
  return runs;
}

/** How many entries a table has, each of `width` bytes. */
async function countOf(file: ByteFile, { body, end }: Box, width: number): Promise<number> {
  demand(end - body >= 8, 'MALFORMED');
  const count = (await file.read(body, 8)).readUInt32BE(4);
  demand(count <= MOST_SAMPLES, 'TOO_COMPLEX');
  demand(body + 8 + count * width <= end, 'MALFORMED');
  return count;
}
