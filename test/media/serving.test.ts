import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { DataSource } from 'typeorm';

import { Media } from '../../src/features/media/index.ts';
import { aBooking, bookOrder, MEI, newKey } from '../support/bookings.ts';
import { MONDAY_MORNING, startService, type TestService, type Token } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';
import { movieOf } from './made/movies.ts';
import { noise } from './made/pictures.ts';
import { hereOf, mediaById, orderMedia, upload, type MediaAnswer } from './uploading.ts';

let dataDir: string;
let service: TestService;
let orderId: string;
let otherId: string;
let picture: MediaAnswer;
let jpeg: Buffer;
let whole: Buffer;

const OTHER = { name: 'Li', phone: '+8613900139000' };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'welt-serving-'));
  const env = { DATA_DIR: dataDir, PUBLIC_URL: 'https://shoes.example' };
  service = await startService({ network: workedNetwork(), env });
  jpeg = await noise(400, 300).jpeg().toBuffer();
  orderId = (await bookOrder(service, aBooking())).id;
  const other = aBooking({ customer: OTHER, dropOff: 'A Mon 11:30' });
  otherId = (await bookOrder(service, other)).id;
  picture = await upload(service, jpeg, { orderId, filename: '左脚 "1".jpg' });
  whole = await bytesOf(picture.url!);
});

afterAll(async () => {
  await service.stop();
  await rm(dataDir, { recursive: true });
});

beforeEach(() => {
  service.clock.set(MONDAY_MORNING);
});

const get = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(hereOf(service, url), init);

const bytesOf = async (url: string): Promise<Buffer> =>
  Buffer.from(await (await get(url)).arrayBuffer());

const withQuery = (url: string, name: string, value: string): string => {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed.href;
};

const bearer = async (token: Token): Promise<RequestInit> => ({
  headers: { authorization: `Bearer ${await token}` },
});

describe('an address', () => {
  it('is good for ten minutes at least, and the same when it is asked for again', async () => {
    expect(picture.url).toMatch(
      /^https:\/\/shoes\.example\/media\/[0-9a-f-]{36}\/original\?exp=\d{13}&for=[\w-]{16}&sig=[\w-]{43}$/,
    );
    const exp = Number(new URL(picture.url!).searchParams.get('exp'));
    expect(exp - MONDAY_MORNING).toBeGreaterThanOrEqual(600_000);
    expect(exp - MONDAY_MORNING).toBeLessThanOrEqual(900_000);
    expect((await mediaById(service, picture.id))?.url).toBe(picture.url);
    service.clock.set(exp - 1);
    expect((await get(picture.url!)).status).toBe(200);
    service.clock.set(exp);
    expect((await get(picture.url!)).status).toBe(403);
    expect((await mediaById(service, picture.id))?.url).not.toBe(picture.url);
  });

  it('opens nothing when it is forged', async () => {
    const url = picture.url!;
    const { searchParams } = new URL(url);
    const another = await upload(service, jpeg, { orderId });
    const forged = [
      url.split('?')[0]!,
      withQuery(url, 'sig', 'x'.repeat(43)),
      withQuery(url, 'sig', ''),
      withQuery(url, 'exp', String(Number(searchParams.get('exp')) + 1)),
      withQuery(url, 'exp', '1e99'),
      withQuery(url, 'for', 'x'.repeat(16)),
      `${url}&sig=${searchParams.get('sig')!}`,
      url.replace('original', 'large'),
      url.replace(picture.id, another.id),
    ];
    for (const one of forged) expect([one, (await get(one)).status]).toEqual([one, 403]);
  });

  it('of what is not there is answered so', async () => {
    const clip = { orderId, filename: 'a.mp4', mime: 'video/mp4' };
    const movie = await upload(service, movieOf(), clip);
    const missing = [
      picture.url!.replace(picture.id, newKey()),
      picture.url!.replace(picture.id, 'nothing'),
      picture.url!.replace('original', 'huge'),
      picture.url!.replace('original', '__proto__'),
      movie.url!.replace('original', 'small'),
    ];
    for (const one of missing) expect([one, (await get(one)).status]).toEqual([one, 404]);
  });

  it('is of one viewer: a token that comes along has to be theirs', async () => {
    const { hq, staff, customer } = service.tokens;
    const mine = await mediaById(service, picture.id, customer(MEI.phone));
    expect(mine!.url).not.toBe(picture.url);
    expect((await get(mine!.url!, await bearer(customer(MEI.phone)))).status).toBe(200);
    expect((await get(mine!.url!)).status).toBe(200);
    for (const token of [hq, staff('A'), customer(OTHER.phone)]) {
      expect((await get(mine!.url!, await bearer(token))).status).toBe(403);
    }
    expect((await get(mine!.url!, await bearer('no.token.atall'))).status).toBe(403);
  });

  it('names nobody', async () => {
    const mine = await mediaById(service, picture.id, service.tokens.customer(MEI.phone));
    expect(decodeURIComponent(mine!.url!)).not.toMatch(/customer|138|staff|hq/);
  });

  it('is no longer good once the picture is of another order', async () => {
    const alone = await upload(service, jpeg);
    expect((await get(alone.url!)).status).toBe(200);
    const db = service.app.get(DataSource, { strict: false });
    const media = service.app.get(Media, { strict: false });
    await db.transaction((tx) => media.attach(tx, [alone.id], orderId, 'hq'));
    expect((await get(alone.url!)).status).toBe(403);
  });
});

describe('who may see', () => {
  it('a picture: the customer of its order, staff of its stores, headquarters', async () => {
    const { hq, staff, customer } = service.tokens;
    for (const token of [hq, staff('A'), staff('B'), customer(MEI.phone)]) {
      expect((await mediaById(service, picture.id, token))?.id).toBe(picture.id);
      expect((await orderMedia(service, orderId, token))?.map(({ id }) => id)).toContain(
        picture.id,
      );
    }
    for (const token of [staff('C'), customer(OTHER.phone)]) {
      expect(await mediaById(service, picture.id, token)).toBeNull();
      expect(await orderMedia(service, orderId, token)).toBeNull();
    }
    const { errors } = await service.ask(`{ media(id: "${picture.id}") { id } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('a picture of no order: whoever uploaded it, and headquarters', async () => {
    const { hq, staff, customer } = service.tokens;
    const alone = await upload(service, jpeg, {}, staff('A'));
    for (const token of [hq, staff('A')]) {
      expect((await mediaById(service, alone.id, token))?.orderId).toBeNull();
    }
    for (const token of [staff('B'), customer(MEI.phone)]) {
      expect(await mediaById(service, alone.id, token)).toBeNull();
    }
  });

  it('a picture: staff of a workshop where a pair of its order is or was', async () => {
    const ofWorkshop = service.tokens.staff('W');
    const again = () => upload(service, jpeg, { orderId }, ofWorkshop);
    expect(await mediaById(service, picture.id, ofWorkshop)).toBeNull();
    await expect(again()).rejects.toThrow('UNKNOWN_ORDER');
    const pairId = newKey();
    await service.rows(
      `INSERT INTO pair (id, order_id, item, number, tag, place, place_code, since)
       VALUES ($1, $2, 1, 1, 'T1', 'WORKSHOP', 'W', now())`,
      [pairId, orderId],
    );
    expect((await mediaById(service, picture.id, ofWorkshop))?.id).toBe(picture.id);
    expect((await again()).orderId).toBe(orderId);
    await service.rows(`UPDATE pair SET place = 'STORE', place_code = 'B'`);
    expect(await orderMedia(service, orderId, ofWorkshop)).toBeNull();
    await service.rows(
      `INSERT INTO pair_operation (pair_id, position, skill, units, dwell_min, origin, workshop_code)
       VALUES ($1, 1, 'clean', 1, 0, 'SERVICE', 'W')`,
      [pairId],
    );
    expect(await orderMedia(service, orderId, ofWorkshop)).not.toBeNull();
    expect(await orderMedia(service, otherId, ofWorkshop)).toBeNull();
  });

  it('nothing: ids that are none', async () => {
    expect(await mediaById(service, 'nothing')).toBeNull();
    expect(await orderMedia(service, 'nothing')).toBeNull();
    expect(await orderMedia(service, newKey())).toBeNull();
  });
});

describe('what is fetched', () => {
  it('says what it is, and that it is for one viewer alone', async () => {
    const { headers } = await get(picture.url!);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(picture.bytes),
      'x-content-type-options': 'nosniff',
      'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent('左脚 "1".jpg')}`,
      'accept-ranges': 'bytes',
    });
    expect(headers.get('cache-control')).toMatch(/^private, max-age=\d{3}, immutable$/);
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });

  it('is as large as its form', async () => {
    const sizes = [picture.url!, picture.large!, picture.small!].map(async (url) => {
      const { width, height, format } = await sharp(await bytesOf(url)).metadata();
      return [format, width, height];
    });
    expect(await Promise.all(sizes)).toEqual([
      ['jpeg', 400, 300],
      ['jpeg', 400, 300],
      ['jpeg', 320, 240],
    ]);
  });

  it.each([
    { range: 'bytes=0-0', from: 0, to: 1 },
    { range: 'bytes=10-19', from: 10, to: 20 },
    { range: 'bytes=100-', from: 100, to: undefined },
    { range: 'bytes=-7', from: -7, to: undefined },
    { range: 'bytes=5-99999999', from: 5, to: undefined },
  ])('in part for $range', async ({ range, from, to }) => {
    const response = await get(picture.url!, { headers: { range } });
    const part = whole.subarray(from, to);
    const first = from < 0 ? whole.length + from : from;
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(
      `bytes ${first}-${first + part.length - 1}/${whole.length}`,
    );
    expect(Buffer.from(await response.arrayBuffer()).equals(part)).toBe(true);
  });

  it('is nothing of what is behind its end', async () => {
    const headers = { range: `bytes=${whole.length}-` };
    const response = await get(picture.url!, { headers });
    expect([response.status, response.headers.get('content-range')]).toEqual([
      416,
      `bytes */${whole.length}`,
    ]);
  });

  it('is not sent to who has it, and whole to who has another', async () => {
    const etag = (await get(picture.url!)).headers.get('etag')!;
    const known = await get(picture.url!, { headers: { 'if-none-match': `"x", ${etag}` } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const range = 'bytes=0-9';
    const same = await get(picture.url!, { headers: { range, 'if-range': etag } });
    const other = await get(picture.url!, { headers: { range, 'if-range': '"x"' } });
    expect([same.status, other.status]).toEqual([206, 200]);
  });

  it('can be asked about without fetching it', async () => {
    const response = await get(picture.url!, { method: 'HEAD' });
    expect([
      response.status,
      response.headers.get('content-length'),
      await response.text(),
    ]).toEqual([200, String(whole.length), '']);
    const part = await get(picture.url!, { method: 'HEAD', headers: { range: 'bytes=0-4' } });
    expect([part.status, part.headers.get('content-length')]).toEqual([206, '5']);
    const forged = await get(withQuery(picture.url!, 'sig', 'x'), { method: 'HEAD' });
    expect(forged.status).toBe(403);
  });

  it('is nothing that can be written', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      expect((await get(picture.url!, { method })).status).toBe(404);
    }
  });
});

describe('media for other features', () => {
  const media = () => service.app.get(Media, { strict: false });
  const attach = (ids: readonly string[], order: string, uploadedBy?: string) =>
    service.app
      .get(DataSource, { strict: false })
      .transaction((tx) => media().attach(tx, ids, order, uploadedBy));

  it('are found by id in the order of the ids, and by order', async () => {
    const second = await upload(service, jpeg, { orderId: otherId });
    const third = await upload(service, jpeg, { orderId: otherId });
    const found = await media().byIds([third.id, newKey(), 'nothing', second.id]);
    expect(found.map(({ id }) => id)).toEqual([third.id, second.id]);
    const ofOrder = await media().ofOrder(otherId);
    expect(ofOrder.map(({ id }) => id)).toEqual([second.id, third.id]);
    expect(await media().byIds([])).toEqual([]);
  });

  it('become part of an order, but none of another order or of somebody else', async () => {
    const alone = await upload(service, jpeg, {}, service.tokens.staff('A'));
    const mine = await upload(service, jpeg, { orderId });
    expect(await attach([], orderId)).toEqual([]);
    expect(await attach([mine.id], otherId)).toEqual([mine.id]);
    expect(await attach([alone.id, mine.id], orderId)).toEqual([alone.id]);
    expect(await attach([alone.id], orderId, 'staff:B')).toEqual([alone.id]);
    expect(await attach(['nothing', newKey()], orderId)).toHaveLength(2);
    expect(await attach([mine.id.toUpperCase(), alone.id], orderId, 'staff:A')).toEqual([]);
    expect((await mediaById(service, alone.id))?.orderId).toBe(orderId);
    expect(await attach([alone.id], otherId, 'staff:A')).toEqual([alone.id]);
  });

  it('go with messages by an address of their own', async () => {
    const url = await media().photoUrl(picture.id, 86_400_000);
    expect(url).toContain(`/media/${picture.id}/large?`);
    service.clock.advance(86_399_999);
    expect((await get(url!)).status).toBe(200);
    const movie = await upload(service, movieOf(), {
      orderId,
      filename: 'a.mp4',
      mime: 'video/mp4',
    });
    expect(await media().photoUrl(movie.id, 1000)).toBeNull();
    expect(await media().photoUrl('nothing', 1000)).toBeNull();
  });
});
