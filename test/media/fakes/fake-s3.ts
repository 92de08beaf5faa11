import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Refused {
  readonly status: number;
  readonly code: string;
}

const refusal = (status: number, code: string): Refused => ({ status, code });

const MOST_SKEW_MS = 15 * 60_000;

/**
 * A store that speaks the protocol of Amazon S3 and is strict: it computes each signature itself from what
 * came over the wire, and the hash of each body, and takes nothing that is not signed.
 */
export class FakeS3 {
  readonly objects = new Map<string, { readonly body: Buffer; readonly type: string }>();
  /** As `PUT /bucket/key 200`. */
  readonly log: string[] = [];
  /** Answered 503, so many times. */
  overloaded = 0;
  private readonly server: Server;

  constructor(
    private readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
    private readonly bucket: string,
    private readonly region: string,
    private readonly now: () => number,
  ) {
    this.server = createServer((request, response) => void this.take(request, response));
  }

  /** @returns its address */
  async start(): Promise<string> {
    for (let tries = 0; ; tries++) {
      const port = 20_000 + Math.floor(Math.random() * 12_000);
      const failed = await new Promise<Error | null>((resolve) => {
        this.server.once('error', resolve);
        this.server.listen(port, '127.0.0.1', () => {
          resolve(null);
        });
      });
      if (failed === null) break;
      if (tries === 20) throw failed;
    }
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const part of request) chunks.push(part as Buffer);
    const body = Buffer.concat(chunks);
    const refused = this.refusalOf(request, body);
    if (refused === null) this.carryOut(request, body, response);
    else this.refuse(response, refused);
    this.log.push(`${request.method!} ${request.url!} ${response.statusCode}`);
  }

  private refuse(response: ServerResponse, { status, code }: Refused): void {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  }

  private refusalOf(request: IncomingMessage, body: Buffer): Refused | null {
    if (this.overloaded > 0) {
      this.overloaded -= 1;
      return refusal(503, 'SlowDown');
    }
    const { headers, method } = request;
    if (method === 'PUT' && headers['content-length'] === undefined) {
      return refusal(411, 'MissingContentLength');
    }
    const signed = headers['x-amz-content-sha256'];
    if (signed !== createHash('sha256').update(body).digest('hex')) {
      return refusal(400, 'XAmzContentSHA256Mismatch');
    }
    return this.refusalOfSignature(request, signed);
  }

  private refusalOfSignature(request: IncomingMessage, bodyHash: string): Refused | null {
    const { headers, method, url } = request;
    const given =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
        headers.authorization ?? '',
      );
    if (given === null) return refusal(400, 'AuthorizationHeaderMalformed');
    const [, keyId, date, region, names, signature] = given as unknown as readonly string[];
    const time = String(headers['x-amz-date']);
    if (keyId !== this.keys.accessKeyId) return refusal(403, 'InvalidAccessKeyId');
    if (region !== this.region || !time.startsWith(date!)) {
      return refusal(400, 'AuthorizationHeaderMalformed');
    }
    const sentAt = Date.parse(
      time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
    );
    if (!(Math.abs(sentAt - this.now()) <= MOST_SKEW_MS))
      return refusal(403, 'RequestTimeTooSkewed');
    const list = names!.split(';');
    const must = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
    if (must.some((name) => !list.includes(name))) return refusal(403, 'AccessDenied');
    const lines = list.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
    const [path, query = ''] = url!.split('?');
    const canonical = `${method!}\n${path!}\n${query}\n${lines}\n${names!}\n${bodyHash}`;
    const hash = createHash('sha256').update(canonical).digest('hex');
    const mac = (key: string | Buffer, text: string) =>
      createHmac('sha256', key).update(text).digest();
    const dated = mac(`AWS4${this.keys.secretAccessKey}`, date!);
    const key = mac(mac(mac(dated, region), 's3'), 'aws4_request');
    const scope = `${date!}/${region}/s3/aws4_request`;
    const right = mac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash}`).toString('hex');
    return right === signature ? null : refusal(403, 'SignatureDoesNotMatch');
  }

  private carryOut(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { method, headers, url } = request;
    const prefix = `/${this.bucket}/`;
    if (!url!.startsWith(prefix)) {
      this.refuse(response, refusal(404, 'NoSuchBucket'));
      return;
    }
    const key = url!.slice(prefix.length);
    if (method === 'PUT') {
      this.objects.set(key, { body, type: String(headers['content-type']) });
      response.writeHead(200).end();
    } else if (method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else this.give(key, headers.range, response);
  }

  private give(key: string, range: string | undefined, response: ServerResponse): void {
    const object = this.objects.get(key);
    if (object === undefined) {
      this.refuse(response, refusal(404, 'NoSuchKey'));
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const part = first === undefined ? object.body : object.body.subarray(+first, +last! + 1);
    response.writeHead(first === undefined ? 200 : 206, { 'content-type': object.type });
    response.end(part);
  }
}
