import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { aBooking, bookOrder, MEI, newKey } from '../support/bookings.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';
import { aJpeg, aPng } from './made/pictures.ts';
import { anUpload, completeUpload, createUpload, hereOf, send } from './uploading.ts';

let dataDir: string;
let service: TestService;
let orderId: string;
let jpeg: Buffer;

const statusOf = async (id: string): Promise<string | undefined> =>
  (await service.rows<{ status: string }>('SELECT status FROM media WHERE id = $1', [id]))[0]
    ?.status;

describe('a ticket', () => {
  beforeAll(async () => {
    jpeg = await aJpeg();
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
