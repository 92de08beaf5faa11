import { describe, expect, it } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareMedia } from '../../src/features/media/prepare.ts';
import { FILE_REFUSALS } from '../../src/features/media/refusals.ts';
import { BAD_CLIPS } from './bad-clips.ts';
import type { BadFile } from './bad-file.ts';
import { BAD_PICTURES } from './bad-pictures.ts';
import { DISGUISED_FILES } from './disguised-files.ts';

const ALL = [...DISGUISED_FILES, ...BAD_PICTURES, ...BAD_CLIPS];

async function codeOf({ type, make }: BadFile): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'welt-media-'));
  try {
    const path = join(directory, 'received');
    await writeFile(path, await make());
    const prepared = await prepareMedia(path, type, directory);
    return prepared.ok ? 'TAKEN' : prepared.error.code;
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe('a file that is not taken', () => {
  it.each(ALL)('$name', async (file) => {
    expect(await codeOf(file)).toBe(file.code);
  });

  it('is one of more than a hundred, no two called the same', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
    expect(ALL.length).toBeGreaterThan(100);
  });

  it('is of every kind that is found by looking into it', () => {
    const announced = ['EMPTY', 'TOO_LARGE', 'WRONG_LENGTH', 'WRONG_HASH'];
    const before = [...announced, 'UNSUPPORTED_TYPE', 'WRONG_EXTENSION'];
    const codes = Object.keys(FILE_REFUSALS).filter((code) => !before.includes(code));
    expect(new Set(ALL.map(({ code }) => code))).toEqual(new Set(codes));
  });
});
