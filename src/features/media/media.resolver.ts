import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import { BeginUpload } from './begin-upload.service.ts';
import { CompleteUpload } from './complete-upload.service.ts';
import { MediaAddresses } from './media-addresses.ts';
import { announcedUpload, type CreateUploadInput } from './media-input.ts';
import { mediaAnswer, mediaView, ticketAnswer, type MediaView } from './media.view.ts';
import type { MediaVariant } from './prepared.ts';
import { ViewMedia } from './view-media.service.ts';

@Resolver('Media')
@Access('customer', 'staff', 'hq')
export class MediaResolver {
  constructor(
    private readonly beginnings: BeginUpload,
    private readonly completions: CompleteUpload,
    private readonly views: ViewMedia,
    private readonly addresses: MediaAddresses,
  ) {}

  @Query('media')
  async media(@Args('id') id: string, @CurrentCaller() caller: Caller) {
    const medium = await this.views.find(id, caller as SignedInCaller);
    return medium === null ? null : mediaView(medium);
  }

  @Query('orderMedia')
  async orderMedia(@Args('orderId') orderId: string, @CurrentCaller() caller: Caller) {
    const media = await this.views.ofOrder(orderId, caller as SignedInCaller);
    return media?.map(mediaView) ?? null;
  }

  @Mutation('createUpload')
  async createUpload(@Args('input') input: CreateUploadInput, @CurrentCaller() caller: Caller) {
    return ticketAnswer(await this.beginnings.run(announcedUpload(input, caller)));
  }

  @Mutation('completeUpload')
  async completeUpload(@Args('id') id: string, @CurrentCaller() caller: Caller) {
    return mediaAnswer(await this.completions.run(id, caller as SignedInCaller));
  }

  @ResolveField('url')
  url(
    @Parent() { medium }: MediaView,
    @Args('variant') variant: MediaVariant,
    @CurrentCaller() caller: Caller,
  ): string | null {
    return this.addresses.of(medium, variant, (caller as SignedInCaller).id);
  }
}
