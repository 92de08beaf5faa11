import { join } from 'node:path';
import type { Sharp } from 'sharp';

import { measured } from './measure.ts';
import type { MediaType } from './media-types.ts';
import type { MediaVariant, PreparedFile } from './prepared.ts';
import { checkPixels, MOST_FRAMES, MOST_PIXELS } from './pixel-limits.ts';
import { demand, Unacceptable } from './refusals.ts';

/** Longest work on one form of a picture: decoders can be kept busy by few bytes. */
const MOST_SECONDS = 30;

interface Form {
  readonly mime: string;
  readonly encode: (picture: Sharp) => Sharp;
}

const JPEG: Form = { mime: 'image/jpeg', encode: (picture) => picture.jpeg({ quality: 85 }) };
const PNG: Form = { mime: 'image/png', encode: (picture) => picture.png() };
const WEBP: Form = { mime: 'image/webp', encode: (picture) => picture.webp({ quality: 85 }) };

/** How a picture is kept. What moves is kept by its first frame; AVIF takes too long to encode. */
const KEPT_AS: Readonly<Record<string, Form>> = {
  'image/jpeg': JPEG,
  'image/png': PNG,
  'image/webp': WEBP,
  'image/gif': PNG,
  'image/avif': WEBP,
};

/** Longest sides of what is shown instead of the whole picture; of a smaller picture it is as large. */
const THUMBNAILS: readonly { readonly variant: MediaVariant; readonly side: number }[] = [
  { variant: 'LARGE', side: 960 },
  { variant: 'SMALL', side: 320 },
];

/**
 * Encodes a picture anew, upright and in sRGB, without anything but its pixels, and makes its thumbnails:
 * JPEG on white, which every program shows.
 *
 * @param directory where the files are written
 * @throws Unacceptable
 */
export async function encodePicture(
  path: string,
  type: MediaType,
  directory: string,
): Promise<readonly PreparedFile[]> {
  // Loaded when the first picture comes: most processes never need it.
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  const reading = { failOn: 'error', limitInputPixels: MOST_PIXELS, sequentialRead: true } as const;
  const {
    pages = 1,
    width,
    height,
  } = await decoding(sharp(path, { ...reading, limitInputPixels: false }).metadata());
  demand(pages <= MOST_FRAMES, 'TOO_MANY_FRAMES');
  checkPixels(width, height);
  const form = KEPT_AS[type]!;
  const whole = join(directory, 'whole');
  const upright = sharp(path, reading).autoOrient().toColourspace('srgb');
  const files = [await written(upright, 'ORIGINAL', form, whole)];
  for (const { variant, side } of THUMBNAILS) {
    const small = sharp(whole, reading)
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' });
    files.push(await written(small, variant, JPEG, join(directory, variant.toLowerCase())));
  }
  return files;
}

async function written(
  picture: Sharp,
  variant: MediaVariant,
  { mime, encode }: Form,
  path: string,
): Promise<PreparedFile> {
  const encoded = encode(picture.timeout({ seconds: MOST_SECONDS }));
  const { width, height } = await decoding(encoded.toFile(path));
  return { variant, mime, path, width, height, ...(await measured(path)) };
}

/** What a decoder cannot read is no fault of ours. */
async function decoding<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isOfSystem(error)) throw error;
    throw new Unacceptable('UNREADABLE');
  }
}

const isOfSystem = (error: unknown): boolean =>
  /ENOSPC|ENOMEM|EACCES|no space|out of memory/i.test((error as Error).message);
