import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Media } from '../../src/features/media/index.ts';
import { DAY_MS } from '../../src/core/time/time.ts';
import { aBooking, aCancellation, bookOrder, cancelOrder } from '../support/bookings.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';
import { FakeS3 } from './fakes/fake-s3.ts';
import { movieOf } from './made/movies.ts';
import { noise } from './made/pictures.ts';
import {
  anUpload,
  completeUpload,
  createUpload,
  hereOf,
  mediaById,
  orderMedia,
  send,
  sha256Of,
  upload,
} from './uploading.ts';

const CREDENTIALS = { accessKeyId: 'AKIAFAKE', secretAccessKey: 'a/secret+of=tests' };
const S3_ENV = {
  S3_BUCKET: 'shoes',
  S3_REGION: 'cn-east-1',
  S3_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  S3_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
};

let dataDir: string;
let fake: FakeS3 | undefined;
let service: TestService;
let orderId: string;
let jpeg: Buffer;

beforeAll(async () => {
  jpeg = await noise(400, 300).jpeg().toBuffer();
});

/** All files that are kept anywhere, by key. */
async function keptKeys(): Promise<readonly string[]> {
  if (fake !== undefined) return [...fake.objects.keys()].sort();
  const all = await readdir(join(dataDir, 'media'), { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name).slice(dataDir.length + 7))
    .sort();
}

const statusOf = async (id: string): Promise<string | undefined> =>
  (await service.rows<{ status: string }>('SELECT status FROM media WHERE id = $1', [id]))[0]
    ?.status;

describe.each([{ storage: 'a disk' }, { storage: 'S3' }])(
  'uploads kept on $storage',
  ({ storage }) => {
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'welt-uploads-'));
      let env: Record<string, string> = { DATA_DIR: dataDir };
      if (storage === 'S3') {
        fake = new FakeS3(CREDENTIALS, 'shoes', 'cn-east-1', () => service.clock.now());
        env = { ...env, ...S3_ENV, S3_ENDPOINT: await fake.start() };
      }
      service = await startService({ network: workedNetwork(), env });
      orderId = (await bookOrder(service, aBooking())).id;
    });

    afterAll(async () => {
      await service.stop();
      await fake?.stop();
      fake = undefined;
      await rm(dataDir, { recursive: true });
    });

    beforeEach(async () => {
      service.clock.set(MONDAY_MORNING);
      await service.rows('TRUNCATE media CASCADE');
    });

    it('go from the ticket to a picture that is fetched without a token', async () => {
      const ticket = await createUpload(service, anUpload(jpeg, { orderId }));
      expect(ticket).toMatchObject({
        __typename: 'UploadTicket',
        method: 'PUT',
        headers: [{ name: 'Content-Type', value: 'image/jpeg' }],
        expiresAt: new Date(MONDAY_MORNING + 900_000).toISOString(),
        maxBytes: jpeg.length,
      });
      expect(await send(service, ticket.url, jpeg)).toEqual({ status: 204, code: null });
      const medium = await completeUpload(service, ticket.uploadId);
      expect(medium).toMatchObject({
        __typename: 'Media',
        id: ticket.uploadId,
        orderId,
        kind: 'IMAGE',
        purpose: 'CONDITION',
        filename: 'left shoe.jpg',
        mime: 'image/jpeg',
        width: 400,
        height: 300,
        durationMs: null,
      });
      for (const url of [medium.url, medium.large, medium.small]) {
        const response = await fetch(hereOf(service, url!));
        expect([response.status, response.headers.get('content-type')]).toEqual([
          200,
          'image/jpeg',
        ]);
      }
      const bytes = Buffer.from(await (await fetch(hereOf(service, medium.url!))).arrayBuffer());
      expect(bytes.length).toBe(medium.bytes);
      expect(await completeUpload(service, ticket.uploadId)).toEqual(medium);
      expect(await orderMedia(service, orderId)).toEqual([medium]);
      expect(await mediaById(service, medium.id)).toEqual(medium);
    });

    it('leave nothing behind but their three files, under the hash of what is in them', async () => {
      const { id, url } = await upload(service, jpeg, { orderId });
      const keys = await keptKeys();
      const whole = Buffer.from(await (await fetch(hereOf(service, url!))).arrayBuffer());
      const hash = sha256Of(whole);
      expect(keys).toContain(`${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}-${id}`);
      const ofThis = keys.filter((key) => key.endsWith(id));
      expect(ofThis).toHaveLength(3);
      expect(ofThis.every((key) => /^(..)\/(..)\/\1\2[0-9a-f]{60}-[0-9a-f-]{36}$/.test(key))).toBe(
        true,
      );
    });

    it('of a clip have no thumbnails', async () => {
      const clip = movieOf();
      const what = { orderId, filename: 'sole.mp4', mime: 'video/mp4', purpose: 'FINDING' };
      const medium = await upload(service, clip, what);
      expect(medium).toMatchObject({ kind: 'VIDEO', durationMs: 3000, large: null, small: null });
      const response = await fetch(hereOf(service, medium.url!), {
        headers: { range: 'bytes=4-7' },
      });
      expect([response.status, await response.text()]).toEqual([206, 'ftyp']);
    });

    it('that are wrong are refused for good', async () => {
      const ticket = await createUpload(service, anUpload(Buffer.from('no JPEG'), { orderId }));
      await send(service, ticket.url, Buffer.from('no JPEG'));
      for (let times = 0; times < 2; times++) {
        const refused = await completeUpload(service, ticket.uploadId);
        expect([refused.__typename, refused.code]).toEqual(['UploadRefused', 'WRONG_TYPE']);
      }
      expect((await keptKeys()).filter((key) => key.includes(ticket.uploadId))).toEqual([]);
      expect(await orderMedia(service, orderId)).toEqual([]);
    });

    it('completed by several at once are one', async () => {
      const ticket = await createUpload(service, anUpload(jpeg, { orderId }));
      await send(service, ticket.url, jpeg);
      const all = await Promise.all(
        Array.from({ length: 5 }, () => completeUpload(service, ticket.uploadId)),
      );
      expect(new Set(all.map(({ __typename }) => __typename))).toEqual(new Set(['Media']));
      expect((await keptKeys()).filter((key) => key.includes(ticket.uploadId))).toHaveLength(3);
    });

    it('are forgotten with orders that ended, with all their files', async () => {
      const order = await bookOrder(service, aBooking({ dropOff: 'A Mon 11:30' }));
      await upload(service, jpeg, { orderId });
      const { id, url } = await upload(service, jpeg, { orderId: order.id });
      const media = service.app.get(Media, { strict: false });
      expect(await media.forget(MONDAY_MORNING + DAY_MS)).toBe(0);
      await cancelOrder(service, aCancellation(order));
      expect(await media.forget(MONDAY_MORNING)).toBe(0);
      expect(await media.forget(MONDAY_MORNING + DAY_MS)).toBe(1);
      expect((await keptKeys()).filter((key) => key.includes(id))).toEqual([]);
      expect((await fetch(hereOf(service, url!))).status).toBe(404);
      expect(await mediaById(service, id)).toBeNull();
    });

    it('that nobody completed, and media of no order, are given up after a day', async () => {
      const media = service.app.get(Media, { strict: false });
      const waiting = await createUpload(service, anUpload(jpeg, { orderId }));
      const received = await createUpload(service, anUpload(jpeg, { orderId }));
      await send(service, received.url, jpeg);
      const alone = await upload(service, jpeg);
      const kept = await upload(service, jpeg, { orderId });
      expect(await media.sweep()).toBe(0);
      service.clock.advance(DAY_MS + 900_001);
      expect(await media.sweep()).toBe(3);
      for (const id of [waiting.uploadId, received.uploadId, alone.id]) {
        expect([await statusOf(id), (await keptKeys()).filter((key) => key.includes(id))]).toEqual([
          undefined,
          [],
        ]);
      }
      expect(await statusOf(kept.id)).toBe('READY');
    });

    it('go on being forgotten by the next one where one stopped', async () => {
      const media = service.app.get(Media, { strict: false });
      const { id } = await upload(service, jpeg);
      await service.rows(`UPDATE media SET status = 'FORGOTTEN' WHERE id = $1`, [id]);
      expect(await mediaById(service, id)).toBeNull();
      service.clock.advance(DAY_MS + 900_001);
      expect(await media.sweep()).toBe(1);
      expect((await keptKeys()).filter((key) => key.includes(id))).toEqual([]);
    });
  },
);
