import { join } from 'node:path';
import { Module } from '@nestjs/common';

import { Clock } from '../clock.ts';
import { CONFIG, type Config } from '../config/config.ts';
import { DiskStore } from './disk-store.ts';
import { ObjectStore } from './object-store.ts';
import { S3Store } from './s3-store.ts';

/** Where large files are kept: below the data directory, or in a bucket if one is set. */
@Module({
  providers: [
    {
      provide: ObjectStore,
      inject: [CONFIG, Clock],
      useFactory: (config: Config, clock: Clock): ObjectStore => storeOf(config, clock),
    },
  ],
  exports: [ObjectStore],
})
export class StorageModule {}

function storeOf(config: Config, clock: Clock): ObjectStore {
  const { S3_BUCKET, S3_REGION, S3_ENDPOINT, S3_ADDRESSING, DATA_DIR } = config;
  if (S3_BUCKET === undefined) return new DiskStore(join(DATA_DIR, 'media'));
  const place = {
    endpoint: S3_ENDPOINT ?? `https://s3.${S3_REGION}.amazonaws.com`,
    region: S3_REGION,
    bucket: S3_BUCKET,
    addressing: S3_ADDRESSING,
    credentials: {
      accessKeyId: config.S3_ACCESS_KEY_ID!,
      secretAccessKey: config.S3_SECRET_ACCESS_KEY!,
    },
  };
  return new S3Store(place, () => clock.now());
}
