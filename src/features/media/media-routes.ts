import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

import { addFileRoute, type FileReply, type FileRequest } from '../../platform/http/file-route.ts';
import { addUploadRoute, type UploadReply } from '../../platform/http/upload-route.ts';
import type { UploadRequest } from '../../platform/http/upload-route.ts';
import { BearerTokens } from '../../platform/signin/bearer.ts';
import { ObjectStore } from '../../platform/storage/object-store.ts';
import { fileOf, MediaAddresses, viewerOf } from './media-addresses.ts';
import { MediaStore } from './media-store.ts';
import type { Medium } from './medium.ts';
import type { MediaVariant } from './prepared.ts';
import { ReceiveUpload } from './receive-upload.service.ts';
import { SENDING_REFUSALS } from './refusals.ts';

/** A hundred megabytes at the slowest that mobile networks are. */
const RECEIVE_MS = 15 * 60_000;

const VARIANTS: Readonly<Record<string, MediaVariant>> = {
  original: 'ORIGINAL',
  large: 'LARGE',
  small: 'SMALL',
};

/** Where bytes of media come and go over plain HTTP. */
@Injectable()
export class MediaRoutes implements OnModuleInit {
  private readonly log = new Logger('media');

  constructor(
    private readonly receiving: ReceiveUpload,
    private readonly store: MediaStore,
    private readonly storage: ObjectStore,
    private readonly addresses: MediaAddresses,
    private readonly adapters: HttpAdapterHost,
    private readonly modules: ModuleRef,
  ) {}

  onModuleInit(): void {
    const adapter = this.adapters.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const server = adapter?.getInstance<FastifyInstance>();
    if (typeof server?.register !== 'function') return;
    addUploadRoute(server, '/media/uploads/:id', RECEIVE_MS, (request) => this.take(request));
    addFileRoute(server, '/media/:id/:variant', (request) => this.show(request));
  }

  private async take({ params, query, ...sent }: UploadRequest): Promise<UploadReply> {
    const { exp = '', sig = '' } = query;
    try {
      const code = await this.receiving.run({ uploadId: params['id']!, exp, sig, ...sent });
      if (code === null) return { status: 204, body: null };
      const { status, message } = SENDING_REFUSALS[code];
      return { status, body: { code, message } };
    } catch (fault) {
      this.log.error(fault, `the upload ${params['id']!}`);
      const body = { code: 'FAULT', message: 'Something went wrong on our side.' };
      return { status: 500, body };
    }
  }

  private async show(request: FileRequest): Promise<FileReply> {
    const variant = VARIANTS[request.params['variant']!];
    const [medium] = await this.store.byIds([request.params['id']!]);
    const file = medium === undefined || variant === undefined ? null : fileOf(medium, variant);
    if (file === null) return { status: 404 };
    const restMs = await this.restMs(medium!, variant!, request);
    if (restMs === null) return { status: 403 };
    return {
      status: 200,
      bytes: file.bytes,
      contentType: file.mime,
      filename: nameOf(medium!, file.mime),
      tag: file.sha256.slice(0, 32),
      freshMs: restMs,
      open: (range) => this.storage.read(file.storageKey, range),
    };
  }

  /** A token that comes along has to be of the one whom the address was given to. */
  private async restMs(
    medium: Medium,
    variant: MediaVariant,
    { query: { exp = '', for: viewer = '', sig = '' }, authorization }: FileRequest,
  ): Promise<number | null> {
    const restMs = this.addresses.restMs(medium, variant, { exp, viewer, sig });
    if (restMs === null || authorization === undefined) return restMs;
    const tokens = this.modules.get(BearerTokens, { strict: false });
    const caller = await tokens.callerOf(authorization).catch(() => null);
    if (caller === null || caller.role === 'anonymous') return null;
    return viewerOf(caller.id) === viewer ? restMs : null;
  }
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
};

/** It may be kept as another type than it came. */
const nameOf = ({ filename }: Medium, mime: string): string =>
  `${filename.replace(/\.[^.]*$/, '')}.${ENDINGS[mime]!}`;
