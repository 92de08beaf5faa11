import { Module } from '@nestjs/common';

import { CONFIG, type Config } from '../../platform/config/config.ts';
import { tokenSecret } from '../../platform/signin/token-secret.ts';
import { StorageModule } from '../../platform/storage/storage.module.ts';
import { OrdersModule } from '../orders/index.ts';
import { BeginUpload } from './begin-upload.service.ts';
import { CompleteUpload } from './complete-upload.service.ts';
import { MediaAddresses } from './media-addresses.ts';
import { MediaRoutes } from './media-routes.ts';
import { MediaSigner } from './media-signer.ts';
import { MediaStore } from './media-store.ts';
import { MediaResolver } from './media.resolver.ts';
import { Media } from './media.service.ts';
import { OrderAccess } from './order-access.ts';
import { ReceiveUpload } from './receive-upload.service.ts';
import { UploadStore } from './upload-store.ts';
import { ViewMedia } from './view-media.service.ts';
import { Workspace } from './workspace.ts';

/** Pictures and clips of orders: taken in, looked through, kept, shown, forgotten. */
@Module({
  imports: [OrdersModule, StorageModule],
  providers: [
    BeginUpload,
    CompleteUpload,
    Media,
    MediaAddresses,
    MediaResolver,
    MediaRoutes,
    MediaStore,
    OrderAccess,
    ReceiveUpload,
    UploadStore,
    ViewMedia,
    {
      provide: MediaSigner,
      inject: [CONFIG],
      useFactory: (config: Config) => new MediaSigner(() => tokenSecret(config)),
    },
    {
      provide: Workspace,
      inject: [CONFIG],
      useFactory: (config: Config) => new Workspace(config.DATA_DIR),
    },
  ],
  exports: [Media],
})
export class MediaModule {}
