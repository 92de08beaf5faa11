import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { ObjectStore, partsOfKey, type ByteRange, type FileToKeep } from './object-store.ts';
import { EMPTY_SHA256, signS3, type S3Credentials } from './sigv4.ts';

export interface S3Place {
  /** Without a path. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Whether the bucket stands in the path or before the host's name. */
  readonly addressing: 'path' | 'host';
  readonly credentials: S3Credentials;
}

interface Asked {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly file?: FileToKeep;
}

/** Longest silence on a connection. */
const IDLE_MS = 30_000;
const MOST_TRIES = 3;
/** Before the second try; twice as long before the third. */
const WAIT_MS = 200;

/** Files in a bucket of any store that speaks the protocol of Amazon S3. */
export class S3Store extends ObjectStore {
  /** @param now epoch ms, for signatures */
  constructor(
    private readonly place: S3Place,
    private readonly now: () => number,
    private readonly waitMs: number = WAIT_MS,
  ) {
    super();
  }

  /** The store refuses bytes that have another hash than the signed one. */
  override async put(key: string, file: FileToKeep): Promise<void> {
    const headers = { 'content-length': String(file.bytes), 'content-type': file.contentType };
    const answer = await this.ask(key, { method: 'PUT', headers, file });
    await ended(answer);
    if (answer.statusCode !== 200) throw unexpected('PUT', answer);
  }

  override async read(key: string, range?: ByteRange): Promise<Readable | null> {
    const headers: Record<string, string> =
      range === undefined ? {} : { range: `bytes=${String(range.first)}-${String(range.last)}` };
    const answer = await this.ask(key, { method: 'GET', headers });
    if (answer.statusCode === (range === undefined ? 200 : 206)) return answer;
    await ended(answer);
    if (answer.statusCode === 404) return null;
    throw unexpected('GET', answer);
  }

  override async delete(key: string): Promise<void> {
    const answer = await this.ask(key, { method: 'DELETE' });
    await ended(answer);
    if (![200, 204, 404].includes(answer.statusCode!)) throw unexpected('DELETE', answer);
  }

  /** Each operation may be done twice, so it is tried again when the store is overloaded or out of reach. */
  private async ask(key: string, asked: Asked): Promise<IncomingMessage> {
    const url = this.addressOf(key);
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.once(url, asked);
        if (answer.statusCode! < 500 || tries === MOST_TRIES) return answer;
        await ended(answer);
      } catch (error) {
        if (tries === MOST_TRIES)
          throw new Error('the object store is out of reach', { cause: error });
      }
      await wait(this.waitMs * tries);
    }
  }

  private async once(url: URL, { method, headers = {}, file }: Asked): Promise<IncomingMessage> {
    const { credentials, region } = this.place;
    const bodySha256 = file?.sha256 ?? EMPTY_SHA256;
    const signed = signS3({ method, url, headers, bodySha256 }, credentials, region, this.now());
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, { method, headers: signed, timeout: IDLE_MS });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    // What fails once there is an answer, whoever reads the answer is told.
    request.on('error', () => undefined);
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    const sent = file === undefined ? null : sendFile(file.path, request);
    if (sent === null) request.end();
    const [answer] = await answered;
    if (answer.statusCode! < 300) await sent;
    return answer;
  }

  private addressOf(key: string): URL {
    const { endpoint, bucket, addressing } = this.place;
    const url = new URL(endpoint);
    const parts = partsOfKey(key);
    if (addressing === 'host') url.hostname = `${bucket}.${url.hostname}`;
    url.pathname = [...(addressing === 'host' ? [] : [bucket]), ...parts].join('/');
    return url;
  }
}

/** Whether all of it was sent does not matter once there is an answer. */
const sendFile = (path: string, request: ClientRequest): Promise<void> =>
  pipeline(createReadStream(path), request).catch(() => undefined);

async function ended(answer: IncomingMessage): Promise<void> {
  answer.resume();
  if (!answer.readableEnded) await once(answer, 'end');
}

const unexpected = (method: string, { statusCode }: IncomingMessage): Error =>
  new Error(`the object store answered ${method} with ${String(statusCode)}`);
