import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';

import type { TestService, Token } from '../support/service.ts';
import { newKey } from '../support/bookings.ts';

export interface UploadInput {
  readonly requestKey: string;
  readonly orderId?: string | null;
  readonly filename: string;
  readonly mime: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly purpose: string;
}

/** Any answer of the two operations; fields of the other types are missing. */
export interface UploadAnswer {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly uploadId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: string;
  readonly maxBytes: number;
}

export interface MediaAnswer {
  readonly __typename: string;
  readonly code: string;
  readonly id: string;
  readonly orderId: string | null;
  readonly kind: string;
  readonly purpose: string;
  readonly filename: string;
  readonly mime: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number | null;
  readonly createdAt: string;
  readonly url: string | null;
  readonly large: string | null;
  readonly small: string | null;
}

const MEDIA = `__typename ... on Media {
  id orderId kind purpose filename mime bytes width height durationMs createdAt
  url large: url(variant: LARGE) small: url(variant: SMALL)
}`;

const CREATE = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
  __typename ... on Refusal { code message }
  ... on UploadTicket { uploadId method url headers { name value } expiresAt maxBytes } } }`;
const COMPLETE = `mutation ($id: ID!) { completeUpload(id: $id) { ... on Refusal { code message } ${MEDIA} } }`;
const OF_ORDER = `query ($orderId: ID!) { orderMedia(orderId: $orderId) { ${MEDIA} } }`;
const BY_ID = `query ($id: ID!) { media(id: $id) { ${MEDIA} } }`;

export const sha256Of = (file: Buffer): string => createHash('sha256').update(file).digest('hex');

/** A JPEG of an order, unless it is said otherwise. */
export const anUpload = (file: Buffer, more: Partial<UploadInput> = {}): UploadInput => ({
  requestKey: newKey(),
  filename: 'left shoe.jpg',
  mime: 'image/jpeg',
  bytes: file.length,
  sha256: sha256Of(file),
  purpose: 'CONDITION',
  ...more,
});

/** As headquarters unless a token is given. */
export async function createUpload(
  service: TestService,
  input: UploadInput,
  token: Token = service.tokens.hq,
): Promise<UploadAnswer> {
  type Data = { createUpload: UploadAnswer };
  return (await service.data<Data>(CREATE, { input }, token)).createUpload;
}

export async function completeUpload(
  service: TestService,
  id: string,
  token: Token = service.tokens.hq,
): Promise<MediaAnswer> {
  type Data = { completeUpload: MediaAnswer };
  return (await service.data<Data>(COMPLETE, { id }, token)).completeUpload;
}

export async function orderMedia(
  service: TestService,
  orderId: string,
  token: Token = service.tokens.hq,
): Promise<readonly MediaAnswer[] | null> {
  type Data = { orderMedia: readonly MediaAnswer[] | null };
  return (await service.data<Data>(OF_ORDER, { orderId }, token)).orderMedia;
}

export async function mediaById(
  service: TestService,
  id: string,
  token: Token = service.tokens.hq,
): Promise<MediaAnswer | null> {
  return (await service.data<{ media: MediaAnswer | null }>(BY_ID, { id }, token)).media;
}

export interface Sent {
  readonly status: number;
  readonly code: string | null;
}

/** An address of the service as it is reached in tests. */
export const hereOf = (service: TestService, url: string): URL => {
  const { pathname, search } = new URL(url);
  return new URL(pathname + search, service.url);
};

/** Sends bytes as they are, whatever the answer is; without a length in parts of their own. */
export function send(
  service: TestService,
  url: string,
  file: Buffer,
  headers: Readonly<Record<string, string>> = { 'content-length': String(file.length) },
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(hereOf(service, url), { method: 'PUT', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const body = Buffer.concat(parts).toString();
        const code = body === '' ? null : (JSON.parse(body) as { code: string }).code;
        resolve({ status: response.statusCode!, code });
      });
    });
    request.on('error', reject);
    request.end(file);
  });
}

/** From the ticket to the medium. @throws Error if any step is refused */
export async function upload(
  service: TestService,
  file: Buffer,
  more: Partial<UploadInput> = {},
  token: Token = service.tokens.hq,
): Promise<MediaAnswer> {
  const ticket = await createUpload(service, anUpload(file, more), token);
  if (ticket.__typename !== 'UploadTicket') throw new Error(ticket.code);
  const sent = await send(service, ticket.url, file);
  if (sent.status !== 204) throw new Error(sent.code ?? String(sent.status));
  const medium = await completeUpload(service, ticket.uploadId, token);
  if (medium.__typename !== 'Media') throw new Error(medium.code);
  return medium;
}
