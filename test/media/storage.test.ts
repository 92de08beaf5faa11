import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { DiskStore } from '../../src/platform/storage/disk-store.ts';
import type { FileToKeep, ObjectStore } from '../../src/platform/storage/object-store.ts';
import { S3Store, type S3Place } from '../../src/platform/storage/s3-store.ts';
import { EMPTY_SHA256, signS3 } from '../../src/platform/storage/sigv4.ts';
import { FakeS3 } from './fakes/fake-s3.ts';

const NOW = Date.UTC(2030, 8, 2, 1, 2, 3);
const CREDENTIALS = { accessKeyId: 'AKIAFAKE', secretAccessKey: 'a/secret+of=tests' };
const KEY = 'aa/bb/aabb0123-id';

let directory: string;
let fake: FakeS3;
let place: S3Place;

beforeAll(async () => {
  fake = new FakeS3(CREDENTIALS, 'shoes', 'cn-east-1', () => NOW);
  const endpoint = await fake.start();
  place = {
    endpoint,
    region: 'cn-east-1',
    bucket: 'shoes',
    addressing: 'path',
    credentials: CREDENTIALS,
  };
});

afterAll(() => fake.stop());

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'welt-storage-'));
  fake.objects.clear();
  fake.log.length = 0;
});

afterEach(() => rm(directory, { recursive: true }));

const s3 = (more: Partial<S3Place> = {}): S3Store =>
  new S3Store({ ...place, ...more }, () => NOW, 0);

async function aFile(text: string): Promise<FileToKeep> {
  const path = join(directory, `file-${text.length}`);
  await writeFile(path, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path, bytes: Buffer.byteLength(text), sha256, contentType: 'image/jpeg' };
}

const textOf = async (stream: Readable | null): Promise<string | null> =>
  stream === null ? null : (await buffer(stream)).toString();

describe.each([
  { name: 'a disk', make: (): ObjectStore => new DiskStore(join(directory, 'store')) },
  { name: 'S3', make: (): ObjectStore => s3() },
])('$name', ({ make }) => {
  it('gives back what was put, whole and in parts', async () => {
    const store = make();
    await store.put(KEY, await aFile('0123456789'));
    expect(await textOf(await store.read(KEY))).toBe('0123456789');
    expect(await textOf(await store.read(KEY, { first: 0, last: 0 }))).toBe('0');
    expect(await textOf(await store.read(KEY, { first: 3, last: 9 }))).toBe('3456789');
    expect(await store.fetch(KEY, join(directory, 'copy'))).toBe(true);
    expect(await readFile(join(directory, 'copy'), 'utf8')).toBe('0123456789');
  });

  it('takes the same again, and forgets it', async () => {
    const store = make();
    await store.put(KEY, await aFile('same'));
    await store.put(KEY, await aFile('same'));
    expect(await textOf(await store.read(KEY))).toBe('same');
    await store.delete(KEY);
    await store.delete(KEY);
    expect(await store.read(KEY)).toBeNull();
    expect(await store.fetch(KEY, join(directory, 'copy'))).toBe(false);
  });

  it.each(['../etc/passwd', '/aa', 'aa//bb', 'aa/', 'aa?b', 'aa/%2e%2e', ''])(
    'has no key %j',
    async (key) => {
      await expect(make().read(key)).rejects.toThrow('no key');
      await expect(make().put(key, await aFile('x'))).rejects.toThrow('no key');
      await expect(make().delete(key)).rejects.toThrow('no key');
    },
  );
});

describe('a disk', () => {
  it('moves the file, and lets nobody else read it', async () => {
    const file = await aFile('moved');
    await new DiskStore(join(directory, 'store')).put(KEY, file);
    expect(existsSync(file.path)).toBe(false);
    expect(await readdir(join(directory, 'store', 'aa', 'bb'))).toEqual(['aabb0123-id']);
  });
});

describe('S3', () => {
  it('is asked with the type and under the path of the bucket', async () => {
    await s3().put(KEY, await aFile('typed'));
    expect(fake.objects.get(KEY)?.type).toBe('image/jpeg');
    expect(fake.log).toEqual([`PUT /shoes/${KEY} 200`]);
  });

  it('refuses another secret, region, time and body, and says no word of the secret', async () => {
    const file = await aFile('refused');
    const other = { ...CREDENTIALS, secretAccessKey: 'another' };
    const late = new S3Store(place, () => NOW + 16 * 60_000, 0);
    const wrong: readonly (readonly [ObjectStore, FileToKeep])[] = [
      [s3({ credentials: other }), file],
      [s3({ region: 'us-east-1' }), file],
      [s3({ bucket: 'boots' }), file],
      [late, file],
      [s3(), { ...file, sha256: EMPTY_SHA256 }],
    ];
    for (const [store, kept] of wrong) {
      const fault = await store.put(KEY, kept).then(
        () => null,
        (error: unknown) => error as Error,
      );
      expect(fault?.message).toMatch(/^the object store answered PUT with 40[0-4]$/);
    }
    expect(fake.objects.size).toBe(0);
  });

  it('is tried again when it is overloaded, three times at most', async () => {
    fake.overloaded = 2;
    await s3().put(KEY, await aFile('again'));
    expect(fake.log.map((line) => line.slice(-3))).toEqual(['503', '503', '200']);
    fake.overloaded = 9;
    await expect(s3().read(KEY)).rejects.toThrow('answered GET with 503');
    expect(fake.overloaded).toBe(6);
    fake.overloaded = 0;
  });

  it('that is not there is a fault', async () => {
    const gone = s3({ endpoint: 'http://127.0.0.1:9' });
    await expect(gone.read(KEY)).rejects.toThrow('out of reach');
  });
});

describe('a signature', () => {
  const example = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const at = Date.UTC(2013, 4, 24);

  /** The worked examples of the documentation of Amazon S3. */
  it.each<{
    readonly name: string;
    readonly method: string;
    readonly target: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly bodySha256: string;
    readonly signature: string;
  }>([
    {
      name: 'GET with a range',
      method: 'GET',
      target: '/test.txt',
      headers: { range: 'bytes=0-9' },
      bodySha256: EMPTY_SHA256,
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'PUT',
      method: 'PUT',
      target: '/test%24file.text',
      headers: {
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      bodySha256: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      name: 'GET with a query',
      method: 'GET',
      target: '/?max-keys=2&prefix=J',
      headers: {},
      bodySha256: EMPTY_SHA256,
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ])('is the documented one: $name', ({ method, target, headers, bodySha256, signature }) => {
    const url = new URL(target, 'https://examplebucket.s3.amazonaws.com');
    const signed = signS3({ method, url, headers, bodySha256 }, example, 'us-east-1', at);
    expect(signed['authorization']).toContain(`Signature=${signature}`);
  });
});
