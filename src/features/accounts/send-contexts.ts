import { Inject, Injectable } from '@nestjs/common';

import type { SendContext } from '../../channels/channel.ts';
import { CHANNELS_HTTP } from '../../channels/channels.module.ts';
import type { HttpClient } from '../../channels/http-client.ts';
import { Clock } from '../../platform/clock.ts';
import { ProviderTokens } from './provider-tokens.ts';

/** What channels are given for an attempt. */
@Injectable()
export class SendContexts {
  constructor(
    private readonly clock: Clock,
    private readonly tokens: ProviderTokens,
    @Inject(CHANNELS_HTTP) private readonly http: HttpClient,
  ) {}

  of(signal: AbortSignal): SendContext {
    const now = () => this.clock.now();
    return { now, http: this.http, tokens: this.tokens, signal };
  }
}
