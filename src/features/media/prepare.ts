import { open, readFile } from 'node:fs/promises';

import { ok, refuse, type Result } from '../../core/result.ts';
import { ByteFile } from './byte-file.ts';
import { checkAvif } from './check-avif.ts';
import { checkGif } from './check-gif.ts';
import { checkJpeg } from './check-jpeg.ts';
import { checkPng } from './check-png.ts';
import { checkWebp } from './check-webp.ts';
import { cleanMovie } from './clean-movie.ts';
import { cleanWebm } from './clean-webm.ts';
import { measured } from './measure.ts';
import { ACCEPTED_TYPES, SNIFFED_BYTES, sniffedType, type MediaType } from './media-types.ts';
import { applyPatches } from './patches.ts';
import { encodePicture } from './pictures.ts';
import type { PreparedMedia } from './prepared.ts';
import { demand, Unacceptable, type FileRefusalCode } from './refusals.ts';

export interface FileRefused {
  readonly code: FileRefusalCode;
}

/** Of pictures, which fit into memory. */
const CHECKS: Readonly<Record<string, (file: Buffer) => void>> = {
  'image/jpeg': checkJpeg,
  'image/png': checkPng,
  'image/gif': checkGif,
  'image/webp': checkWebp,
};

/**
 * Checks a file of a type that it was announced as, and takes out of it all that is not picture or sound.
 *
 * @param path of a file that is this call's own: it may be written over
 * @param directory where what is made of it is written
 */
export async function prepareMedia(
  path: string,
  type: MediaType,
  directory: string,
): Promise<Result<PreparedMedia, FileRefused>> {
  try {
    await checkMagic(path, type);
    const { kind } = ACCEPTED_TYPES[type];
    return ok(await (kind === 'IMAGE' ? picture(path, type, directory) : clip(path, type)));
  } catch (error) {
    if (error instanceof Unacceptable) return refuse({ code: error.code });
    throw error;
  }
}

async function checkMagic(path: string, type: MediaType): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    const sniffed = sniffedType(buffer.subarray(0, bytesRead));
    demand(sniffed !== 'image/heic', 'HEIC_NOT_SUPPORTED');
    demand(sniffed === type, 'WRONG_TYPE');
  } finally {
    await file.close();
  }
}

async function picture(path: string, type: MediaType, directory: string): Promise<PreparedMedia> {
  if (type === 'image/avif') await withFile(path, 'r', checkAvif);
  else CHECKS[type]!(await readFile(path));
  const [whole, ...thumbnails] = await encodePicture(path, type, directory);
  return { kind: 'IMAGE', files: [whole!, ...thumbnails], durationMs: null };
}

async function clip(path: string, type: MediaType): Promise<PreparedMedia> {
  const clean = type === 'video/webm' ? cleanWebm : cleanMovie;
  const { width, height, durationMs } = await withFile(path, 'r+', async (file, handle) => {
    const { facts, patches } = await clean(file);
    await applyPatches(handle, patches);
    return facts;
  });
  const whole = { variant: 'ORIGINAL' as const, path, mime: type, width, height };
  return { kind: 'VIDEO', files: [{ ...whole, ...(await measured(path)) }], durationMs };
}

async function withFile<T>(
  path: string,
  flags: 'r' | 'r+',
  work: (file: ByteFile, handle: Awaited<ReturnType<typeof open>>) => Promise<T>,
): Promise<T> {
  const handle = await open(path, flags);
  try {
    return await work(new ByteFile(handle, (await handle.stat()).size), handle);
  } finally {
    await handle.close();
  }
}
