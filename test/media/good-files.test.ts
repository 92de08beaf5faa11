import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

import type { MediaType } from '../../src/features/media/media-types.ts';
import { prepareMedia } from '../../src/features/media/prepare.ts';
import type { PreparedMedia } from '../../src/features/media/prepared.ts';
import {
  box,
  fragmentedMovie,
  movieOf,
  PICTURE,
  PLACE_BOXES,
  PLACES,
  SOUND,
  TAKEN,
} from './made/movies.ts';
import {
  aGif,
  aJpeg,
  anAvif,
  aPhotograph,
  aPng,
  aWebp,
  chunk,
  DEVICE,
  gifOf,
  noise,
  PLACE,
} from './made/pictures.ts';
import { TAGS, webmOf } from './made/webms.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'welt-media-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** @throws Error if it is refused */
async function prepared(type: MediaType, file: Buffer): Promise<PreparedMedia> {
  const path = join(directory, 'received');
  await writeFile(path, file);
  const result = await prepareMedia(path, type, directory);
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

const bytesOf = (media: PreparedMedia, at = 0): Promise<Buffer> => readFile(media.files[at]!.path);

describe('a picture', () => {
  it.each([
    { type: 'image/jpeg', make: aJpeg, kept: 'image/jpeg' },
    { type: 'image/png', make: aPng, kept: 'image/png' },
    { type: 'image/webp', make: aWebp, kept: 'image/webp' },
    { type: 'image/gif', make: aGif, kept: 'image/png' },
    { type: 'image/avif', make: anAvif, kept: 'image/webp' },
  ] as const)('of $type is kept as $kept, with two thumbnails', async ({ type, make, kept }) => {
    const media = await prepared(type, await make());
    expect(media).toMatchObject({
      kind: 'IMAGE',
      durationMs: null,
      files: [
        { variant: 'ORIGINAL', mime: kept, width: 64, height: 64 },
        { variant: 'LARGE', mime: 'image/jpeg', width: 64, height: 64 },
        { variant: 'SMALL', mime: 'image/jpeg', width: 64, height: 64 },
      ],
    });
    for (const [at, { bytes }] of media.files.entries()) {
      expect((await bytesOf(media, at)).length).toBe(bytes);
    }
  });

  it('has no place, time or device left in any of its files, and stands upright', async () => {
    const taken = await aPhotograph();
    expect(taken.includes(DEVICE) && taken.includes(PLACE) && taken.includes('Exif')).toBe(true);
    const media = await prepared('image/jpeg', taken);
    expect(media.files[0]).toMatchObject({ width: 60, height: 100 });
    for (const at of media.files.keys()) {
      const file = await bytesOf(media, at);
      const { exif, xmp, iptc, icc, orientation } = await sharp(file).metadata();
      expect([exif, xmp, iptc, icc, orientation]).toEqual(
        Array.from({ length: 5 }, () => undefined),
      );
      for (const word of [DEVICE, PLACE, 'Exif', '2030:09'])
        expect(file.includes(word)).toBe(false);
    }
    // What was left and red is now above.
    const { data } = await sharp(await bytesOf(media))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)].map((value) => Math.round(value / 255))).toEqual([1, 0, 0]);
    expect([...data.subarray(-3)].map((value) => Math.round(value / 255))).toEqual([0, 0, 1]);
  });

  it('loses what is written into a PNG beside its pixels', async () => {
    const file = await aPng();
    const texts = ['tEXt', 'iTXt'].map((type) => chunk(type, Buffer.from(`Place\0${PLACE}`)));
    const media = await prepared(
      'image/png',
      Buffer.concat([file.subarray(0, 33), ...texts, file.subarray(33)]),
    );
    expect((await bytesOf(media)).includes(PLACE)).toBe(false);
  });

  it('has thumbnails of at most 960 and 320 pixels', async () => {
    const media = await prepared('image/jpeg', await noise(1600, 1000).jpeg().toBuffer());
    expect(media.files.map(({ width, height }) => [width, height])).toEqual([
      [1600, 1000],
      [960, 600],
      [320, 200],
    ]);
  });

  it('that moves is kept by its first frame', async () => {
    const media = await prepared('image/gif', gifOf(20));
    expect((await sharp(await bytesOf(media)).metadata()).pages).toBeUndefined();
  });

  it('is taken without what a camera puts behind it', async () => {
    const clip = movieOf({ more: PLACE_BOXES });
    const media = await prepared('image/jpeg', Buffer.concat([await aJpeg(), clip]));
    expect((await bytesOf(media)).includes(PLACE)).toBe(false);
  });

  it('of a printer comes out in the colours of screens', async () => {
    const media = await prepared(
      'image/jpeg',
      await noise().toColourspace('cmyk').jpeg().toBuffer(),
    );
    expect((await sharp(await bytesOf(media)).metadata()).space).toBe('srgb');
  });

  it('that can be seen through gets thumbnails on white', async () => {
    const clear = sharp({ create: { width: 9, height: 9, channels: 4, background: '#0000' } });
    const media = await prepared('image/png', await clear.png().toBuffer());
    expect((await sharp(await bytesOf(media)).metadata()).hasAlpha).toBe(true);
    const small = await sharp(await bytesOf(media, 2))
      .raw()
      .toBuffer();
    expect(small.every((value) => value === 255)).toBe(true);
  });
});

/** What must not be in a clip any more. */
const SECRETS = [PLACE, DEVICE, TAKEN.toString('latin1'), 'LOCATION', 'ISO6709'];

async function expectClean(media: PreparedMedia): Promise<Buffer> {
  const file = await bytesOf(media);
  for (const secret of SECRETS)
    expect([secret, file.includes(secret, 0, 'latin1')]).toEqual([secret, false]);
  return file;
}

/** Nothing is left to take out. */
async function expectStable(type: MediaType, file: Buffer): Promise<void> {
  expect((await bytesOf(await prepared(type, file))).equals(file)).toBe(true);
}

describe('a clip', () => {
  it.each([
    { name: 'MP4', type: 'video/mp4', brand: 'isom' },
    { name: 'MP4 of a browser', type: 'video/mp4', brand: 'mp42' },
    { name: 'QuickTime', type: 'video/quicktime', brand: 'qt  ' },
  ] as const)('of $name keeps picture and sound, and nothing else', async ({ type, brand }) => {
    const made = movieOf({
      brand,
      tracks: [{ ...PICTURE, more: PLACE_BOXES }, PLACES, SOUND],
      more: PLACE_BOXES,
      between: Buffer.concat([box('wide'), box('free', Buffer.from(PLACE)), ...PLACE_BOXES]),
      behind: Buffer.concat([...PLACE_BOXES, box('what', Buffer.from(PLACE))]),
    });
    for (const secret of SECRETS.filter((word) => word !== 'LOCATION')) {
      expect([secret, made.includes(secret, 0, 'latin1')]).toEqual([secret, true]);
    }
    const media = await prepared(type, made);
    expect(media).toMatchObject({
      kind: 'VIDEO',
      durationMs: 3000,
      files: [{ variant: 'ORIGINAL', mime: type, width: 640, height: 480, bytes: made.length }],
    });
    const file = await expectClean(media);
    const samples = [...PICTURE.samples!, ...SOUND.samples!];
    for (const sample of samples) expect(file.indexOf(sample)).toBe(made.indexOf(sample));
    expect(file.includes('at +31')).toBe(false);
    await expectStable(type, file);
  });

  it('that was held upright is told as it is shown', async () => {
    const made = movieOf({ tracks: [{ ...PICTURE, isTurned: true }] });
    expect((await prepared('video/mp4', made)).files[0]).toMatchObject({ width: 480, height: 640 });
  });

  it('in fragments is taken', async () => {
    const file = await expectClean(await prepared('video/mp4', fragmentedMovie()));
    expect(file.includes('moof') && file.includes('trun')).toBe(true);
    await expectStable('video/mp4', file);
  });

  it('whose last box goes on to the end is taken', async () => {
    const made = movieOf();
    const movie = made.subarray(made.indexOf('moov') - 4);
    movie.writeUInt32BE(0, 0);
    expect((await prepared('video/mp4', made)).files[0].bytes).toBe(made.length);
  });

  it('with tracks within tracks loses the inner ones', async () => {
    const nested = Array.from({ length: 500 }).reduce<Buffer>(
      (inner) => box('trak', inner),
      box('trak'),
    );
    const media = await prepared(
      'video/mp4',
      movieOf({ tracks: [{ ...PICTURE, more: [nested] }] }),
    );
    expect((await bytesOf(media)).toString('latin1').split('trak').length - 1).toBe(1);
  });

  it.each([
    { name: 'a file', isLive: false },
    { name: 'a recording of a browser', isLive: true },
  ])('of WebM, $name, keeps picture and sound alone', async ({ isLive }) => {
    const tracks = [{}, { type: 2, codec: 'A_OPUS' }];
    const made = webmOf({ isLive, tracks, more: isLive ? [] : [TAGS] });
    expect(made.includes(PLACE) && made.includes(DEVICE)).toBe(true);
    const media = await prepared('video/webm', made);
    expect(media).toMatchObject({
      kind: 'VIDEO',
      durationMs: 3000,
      files: [{ mime: 'video/webm', width: 640, height: 480, bytes: made.length }],
    });
    const file = await expectClean(media);
    expect(file.indexOf('picture')).toBe(made.indexOf('picture'));
    await expectStable('video/webm', file);
  });
});
