import { Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Media, mediaView, type Medium } from '../media/index.ts';
import { AskedTogether } from './asked-together.ts';
import { PairReader } from './pair-reader.ts';

/** What the customer sees of the work on their goods. */
@Resolver('Order')
export class MilestoneResolver {
  private readonly looks: AskedTogether<Medium>;

  constructor(
    private readonly pairs: PairReader,
    media: Media,
  ) {
    this.looks = new AskedTogether(async (ids) => {
      const found = await media.byIds(ids);
      return new Map(found.map((medium) => [medium.id, medium]));
    });
  }

  @ResolveField('milestones')
  async milestones(@Parent() { id }: { readonly id: string }) {
    const milestones = await this.pairs.milestonesOf(id);
    return Promise.all(
      milestones.map(async (each) => {
        const medium = await this.looks.of(each.mediaId);
        return { ...each, media: medium === undefined ? null : mediaView(medium) };
      }),
    );
  }
}
