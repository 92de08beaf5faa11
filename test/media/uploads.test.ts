import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Media } from '../../src/features/media/index.ts';
import { DAY_MS } from '../../src/core/time/time.ts';
import {
  aBooking,
  aCancellation,
  bookOrder,
  cancelOrder,
  MEI,
  newKey,
} from '../support/bookings.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';
import { FakeS3 } from './fakes/fake-s3.ts';
import { movieOf } from './made/movies.ts';
import { aPng, noise } from './made/pictures.ts';
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

describe('a ticket', () => {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'welt-uploads-'));
    service = await startService({ network: workedNetwork(), env: { DATA_DIR: dataDir } });
    orderId = (await bookOrder(service, aBooking())).id;
  });

  afterAll(async () => {
    await service.stop();
    await rm(dataDir, { recursive: true });
  });

  beforeEach(async () => {
    service.clock.set(MONDAY_MORNING);
    await service.rows('TRUNCATE media CASCADE');
  });

  it.each([
    { name: 'no bytes', more: { bytes: 0 }, code: 'EMPTY' },
    { name: 'a picture of 10 MB and one byte', more: { bytes: 10_000_001 }, code: 'TOO_LARGE' },
    {
      name: 'a clip of 100 MB and one byte',
      more: { mime: 'video/mp4', filename: 'a.mp4', bytes: 100_000_001 },
      code: 'TOO_LARGE',
    },
    {
      name: 'a drawing',
      more: { mime: 'image/svg+xml', filename: 'a.svg' },
      code: 'UNSUPPORTED_TYPE',
    },
    { name: 'an archive', more: { mime: 'application/zip' }, code: 'UNSUPPORTED_TYPE' },
    { name: 'a property of objects', more: { mime: 'constructor' }, code: 'UNSUPPORTED_TYPE' },
    { name: 'HEIC', more: { mime: 'image/heic', filename: 'a.heic' }, code: 'HEIC_NOT_SUPPORTED' },
    { name: 'another ending', more: { filename: 'shoe.png' }, code: 'WRONG_EXTENSION' },
    { name: 'two endings', more: { filename: 'shoe.jpg.html' }, code: 'WRONG_EXTENSION' },
    { name: 'no ending', more: { filename: 'jpg' }, code: 'WRONG_EXTENSION' },
  ])('is not given for $name', async ({ more, code }) => {
    const refused = await createUpload(service, anUpload(jpeg, { orderId, ...more }));
    expect(refused).toMatchObject({ __typename: 'UploadRefused', code });
    expect(refused.message).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    { name: 'a short key', more: { requestKey: 'short' } },
    { name: 'fewer than no bytes', more: { bytes: -1 } },
    { name: 'a hash that is none', more: { sha256: 'x'.repeat(64) } },
    { name: 'a name of several lines', more: { filename: 'a\r\nb.jpg' } },
    { name: 'no name', more: { filename: '' } },
  ])('is not asked for with $name', async ({ more }) => {
    const input = anUpload(jpeg, { orderId, ...more });
    await expect(createUpload(service, input)).rejects.toThrow('BAD_USER_INPUT');
  });

  it('is the same for the same request, and refused for another with its key', async () => {
    const input = anUpload(jpeg, { orderId });
    const [first, ...others] = await Promise.all(
      Array.from({ length: 5 }, () => createUpload(service, input)),
    );
    for (const other of others) expect(other).toEqual(first);
    const reused = await createUpload(service, { ...input, bytes: 7 });
    expect(reused).toMatchObject({ __typename: 'RequestKeyReused', code: 'REQUEST_KEY_REUSED' });
    expect(await service.rows('SELECT id FROM media')).toHaveLength(1);
  });

  it('is good once', async () => {
    const ticket = await createUpload(service, anUpload(jpeg, { orderId }));
    const all = await Promise.all([1, 2, 3].map(() => send(service, ticket.url, jpeg)));
    expect(all.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
    expect(await send(service, ticket.url, jpeg)).toEqual({ status: 409, code: 'TICKET_USED' });
  });

  it('is not good when it is forged, expired or of nothing', async () => {
    const ticket = await createUpload(service, anUpload(jpeg, { orderId }));
    const other = await createUpload(service, anUpload(jpeg, { orderId }));
    const changed = (name: string, value: string): string => {
      const url = new URL(ticket.url);
      url.searchParams.set(name, value);
      return url.href;
    };
    const forged = [
      changed('sig', 'x'.repeat(43)),
      changed('exp', String(MONDAY_MORNING + 99_000_000)),
      ticket.url.replace(ticket.uploadId, other.uploadId),
      `${ticket.url}&sig=x`,
      ticket.url.split('?')[0]!,
    ];
    for (const url of forged) {
      expect(await send(service, url, jpeg)).toEqual({ status: 403, code: 'TICKET_FORGED' });
    }
    for (const id of [newKey(), 'nothing']) {
      const url = ticket.url.replace(ticket.uploadId, id);
      expect(await send(service, url, jpeg)).toEqual({ status: 404, code: 'UNKNOWN_UPLOAD' });
    }
    service.clock.advance(900_000);
    expect(await send(service, ticket.url, jpeg)).toEqual({ status: 403, code: 'TICKET_EXPIRED' });
    expect(await statusOf(ticket.uploadId)).toBe('OPEN');
  });

  it('takes no other length, type or bytes', async () => {
    const png = await aPng();
    const length = (bytes: number) => ({ 'content-length': String(bytes) });
    const chunked = { 'transfer-encoding': 'chunked' };
    const longer = Buffer.concat([jpeg, Buffer.alloc(1)]);
    const shorter = jpeg.subarray(1);
    const other = Buffer.from(jpeg).fill(7, 99, 100);
    const cases = [
      { file: longer, headers: length(longer.length), is: [413, 'TOO_LARGE', 'NOT_UPLOADED'] },
      { file: longer, headers: chunked, is: [413, 'TOO_LARGE', 'TOO_LARGE'] },
      { file: shorter, headers: length(shorter.length), is: [400, 'WRONG_LENGTH', 'NOT_UPLOADED'] },
      { file: shorter, headers: chunked, is: [400, 'WRONG_LENGTH', 'WRONG_LENGTH'] },
      { file: Buffer.alloc(0), headers: length(0), is: [400, 'WRONG_LENGTH', 'NOT_UPLOADED'] },
      { file: other, headers: length(other.length), is: [422, 'WRONG_HASH', 'WRONG_HASH'] },
      {
        file: png,
        headers: { ...length(png.length), 'content-type': 'image/png' },
        is: [415, 'WRONG_TYPE', 'NOT_UPLOADED'],
      },
    ];
    for (const { file, headers, is } of cases) {
      const ticket = await createUpload(service, anUpload(jpeg, { orderId }));
      const sent = await send(service, ticket.url, file, headers);
      const { code } = await completeUpload(service, ticket.uploadId);
      expect([sent.status, sent.code, code]).toEqual(is);
    }
    const ticket = await createUpload(service, anUpload(jpeg, { orderId }));
    const good = { ...chunked, 'content-type': 'Image/JPEG; q=1' };
    expect((await send(service, ticket.url, jpeg, good)).status).toBe(204);
  });

  it('is given back by a connection that breaks', async () => {
    const ticket = await createUpload(service, anUpload(jpeg, { orderId }));
    await new Promise<void>((resolve) => {
      const headers = { 'content-length': String(jpeg.length) };
      const request = httpRequest(hereOf(service, ticket.url), { method: 'PUT', headers });
      request.on('error', () => {
        resolve();
      });
      request.write(jpeg.subarray(0, 10), () => {
        setImmediate(() => request.destroy());
      });
    });
    for (let tries = 0; ; tries++) {
      const { status } = await send(service, ticket.url, jpeg);
      if (status === 204) break;
      // The service is told of the break a moment later.
      expect([status, tries < 100]).toEqual([409, true]);
    }
  });

  it('is for those who may see the order', async () => {
    const ask = (token: Promise<string>, id: string | null = orderId) =>
      createUpload(service, anUpload(jpeg, { orderId: id }), token);
    const { customer, staff, hq } = service.tokens;
    const good = [hq, staff('A'), staff('B'), customer(MEI.phone), customer(MEI.email)];
    for (const token of good) expect((await ask(token)).__typename).toBe('UploadTicket');
    for (const token of [staff('C'), customer('+8613900139000')]) {
      expect((await ask(token)).code).toBe('UNKNOWN_ORDER');
    }
    expect((await ask(hq, newKey())).code).toBe('UNKNOWN_ORDER');
    expect((await ask(hq, 'nothing')).code).toBe('UNKNOWN_ORDER');
    expect((await ask(staff('C'), null)).__typename).toBe('UploadTicket');
    expect((await ask(customer(MEI.phone), null)).code).toBe('UNKNOWN_ORDER');
    const nobody = await service.ask('mutation { completeUpload(id: "x") { __typename } }');
    expect(nobody.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('is completed by whoever asked for it', async () => {
    const ticket = await createUpload(
      service,
      anUpload(jpeg, { orderId }),
      service.tokens.staff('A'),
    );
    await send(service, ticket.url, jpeg);
    for (const token of [service.tokens.hq, service.tokens.customer(MEI.phone)]) {
      expect((await completeUpload(service, ticket.uploadId, token)).code).toBe('UNKNOWN_UPLOAD');
    }
    expect((await completeUpload(service, 'nothing')).code).toBe('UNKNOWN_UPLOAD');
    const own = await completeUpload(service, ticket.uploadId, service.tokens.staff('A'));
    expect(own.__typename).toBe('Media');
  });

  it('is not completed before the bytes came', async () => {
    const { uploadId } = await createUpload(service, anUpload(jpeg, { orderId }));
    expect((await completeUpload(service, uploadId)).code).toBe('NOT_UPLOADED');
  });

  it('is one of a hundred that are open', async () => {
    const token = service.tokens.customer(MEI.phone);
    const begin = () => createUpload(service, anUpload(jpeg, { orderId }), token);
    for (let count = 0; count < 100; count++) {
      expect((await begin()).__typename).toBe('UploadTicket');
    }
    expect((await begin()).code).toBe('TOO_MANY_UPLOADS');
    expect((await createUpload(service, anUpload(jpeg, { orderId }))).__typename).toBe(
      'UploadTicket',
    );
    service.clock.advance(900_000);
    expect((await begin()).__typename).toBe('UploadTicket');
  });
});
