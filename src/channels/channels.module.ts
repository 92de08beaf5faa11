import { Module, type DynamicModule } from '@nestjs/common';

import { CHANNELS } from './channels.ts';
import type { Channel } from './channel.ts';
import { FetchHttpClient, type HttpClient } from './http-client.ts';

/** Injection token for every way to reach people. */
export const CHANNELS_LIST = Symbol('CHANNELS_LIST');

/** Injection token for the {@link HttpClient} of channels. */
export const CHANNELS_HTTP = Symbol('CHANNELS_HTTP');

/** What the channels are, for every feature. */
@Module({})
export class ChannelsModule {
  static forRoot(
    channels: readonly Channel[] = CHANNELS,
    http: HttpClient = new FetchHttpClient(),
  ): DynamicModule {
    return {
      module: ChannelsModule,
      global: true,
      providers: [
        { provide: CHANNELS_LIST, useValue: channels },
        { provide: CHANNELS_HTTP, useValue: http },
      ],
      exports: [CHANNELS_LIST, CHANNELS_HTTP],
    };
  }
}
