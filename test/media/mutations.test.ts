import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ACCEPTED_TYPES, type MediaType } from '../../src/features/media/media-types.ts';
import { prepareMedia } from '../../src/features/media/prepare.ts';
import { FILE_REFUSALS } from '../../src/features/media/refusals.ts';
import { Random } from '../support/random.ts';
import { fragmentedMovie, movieOf, PICTURE, PLACE_BOXES, PLACES, SOUND } from './made/movies.ts';
import { aGif, aJpeg, anAvif, aPng, aWebp } from './made/pictures.ts';
import { TAGS, webmOf } from './made/webms.ts';

/** Of each file; more on command. */
const TIMES = Number(process.env['MEDIA_MUTATIONS'] ?? 40);

const FILES: readonly {
  readonly type: MediaType;
  readonly make: () => Buffer | Promise<Buffer>;
}[] = [
  { type: 'image/jpeg', make: aJpeg },
  { type: 'image/png', make: aPng },
  { type: 'image/gif', make: aGif },
  { type: 'image/webp', make: aWebp },
  { type: 'image/avif', make: anAvif },
  {
    type: 'video/mp4',
    make: () => movieOf({ tracks: [PICTURE, PLACES, SOUND], more: PLACE_BOXES }),
  },
  { type: 'video/mp4', make: () => fragmentedMovie() },
  { type: 'video/quicktime', make: () => movieOf({ brand: 'qt  ', behind: PLACE_BOXES[0]! }) },
  { type: 'video/webm', make: () => webmOf({ more: [TAGS] }) },
  { type: 'video/webm', make: () => webmOf({ isLive: true }) },
];

const VALUES = [0, 1, 2, 7, 8, 16, 127, 128, 255];

/** Some bytes replaced, taken out or put in twice. */
function mutated(file: Buffer, random: Random): Buffer {
  let out = Buffer.from(file);
  for (let changes = random.int(1, 4); changes > 0; changes--) {
    const at = random.int(0, out.length - 1);
    const bytes = random.int(1, 8);
    const part = out.subarray(at, at + bytes);
    const kind = random.int(0, 3);
    if (kind === 0) out = Buffer.concat([out.subarray(0, at), out.subarray(at + bytes)]);
    else if (kind === 1) out = Buffer.concat([out.subarray(0, at), part, out.subarray(at)]);
    else out.fill(random.pick(VALUES), at, Math.min(out.length, at + (kind === 2 ? 1 : bytes)));
  }
  return out;
}

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'welt-media-'));
});

afterAll(() => rm(directory, { recursive: true }));

describe('a file with some bytes changed', () => {
  it.each(FILES.map((file, at) => ({ ...file, at })))(
    'is taken or refused, and never a fault: $type, file $at',
    async ({ type, make, at }) => {
      const random = new Random(at + 1);
      const file = await make();
      const outcomes = new Map<string, number>();
      for (let times = 0; times < TIMES; times++) {
        const path = join(directory, 'received');
        await writeFile(path, mutated(file, random));
        const prepared = await prepareMedia(path, type, directory);
        const outcome = prepared.ok ? 'TAKEN' : prepared.error.code;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      const known = ['TAKEN', ...Object.keys(FILE_REFUSALS)];
      expect([...outcomes.keys()].filter((outcome) => !known.includes(outcome))).toEqual([]);
      // Changes that nothing notices would prove nothing.
      expect(outcomes.get('TAKEN') ?? 0).toBeLessThan(TIMES);
    },
  );

  it('is tried of every type', () => {
    expect(new Set(FILES.map(({ type }) => type))).toEqual(new Set(Object.keys(ACCEPTED_TYPES)));
  });
});
