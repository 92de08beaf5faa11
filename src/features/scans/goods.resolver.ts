import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { forbidden } from '../../platform/graphql/errors.ts';
import type { PageRequest } from '../../platform/graphql/page.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { pairView, reworkAnswer, scanView, straysView, type PairView } from './goods.view.ts';
import { PairReader } from './pair-reader.ts';
import { Rework } from './rework.service.ts';
import { ScanDesk } from './scan-desk.service.ts';
import { checkRework, sentScans, type ReworkInput, type ScanInput } from './scan-input.ts';
import { mayActAt, type GoodsCaller } from './sent-scan.ts';
import { Strays } from './strays.service.ts';

@Resolver('Pair')
@Access('staff', 'hq')
export class GoodsResolver {
  constructor(
    private readonly desk: ScanDesk,
    private readonly reworks: Rework,
    private readonly pairs: PairReader,
    private readonly strays: Strays,
  ) {}

  @Query('pair')
  async pair(@Args('tag') tag: string, @CurrentCaller() caller: Caller) {
    const pair = await this.pairs.byTag(tag, caller as GoodsCaller);
    return pair === null ? null : pairView(pair);
  }

  @Query('strayPairs')
  async strayPairs(
    @Args() page: PageRequest & { placeCode?: string | null },
    @CurrentCaller() caller: Caller,
  ) {
    const placeCode = page.placeCode ?? null;
    checkPlace(placeCode, caller as GoodsCaller);
    return straysView(await this.strays.page(placeCode, page));
  }

  @Mutation('scan')
  async scan(
    @Args('input') { scans }: { readonly scans: readonly ScanInput[] },
    @CurrentCaller() caller: Caller,
  ) {
    return { results: await this.desk.take(sentScans(scans), caller as GoodsCaller) };
  }

  @Mutation('rework')
  async rework(@Args('input') input: ReworkInput, @CurrentCaller() caller: Caller) {
    checkRework(input);
    return reworkAnswer(await this.reworks.run(input, caller as GoodsCaller));
  }

  @ResolveField('scans')
  async scans(@Parent() { id }: PairView) {
    return (await this.pairs.scansOf(id)).map(scanView);
  }

  @ResolveField('photos')
  photos(@Parent() { id }: PairView) {
    return this.pairs.photosOf(id);
  }
}

/** @throws GraphQLError FORBIDDEN: staff see their own places, and name one */
export function checkPlace(placeCode: string | null, caller: GoodsCaller): void {
  if (caller.role === 'hq') return;
  if (placeCode === null || !mayActAt(caller, placeCode))
    throw forbidden('This is not your place.');
}
