import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';

import type { TripName } from '../../core/goods/scan.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';
import { forbidden } from '../../platform/graphql/errors.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { checkPlace, mayActAt, type GoodsCaller } from '../scans/index.ts';
import type { CallReport } from './trip-calls.service.ts';
import { callAnswer, tripView, visitView } from './trip.view.ts';
import { Trips } from './trips.service.ts';

/** `TripCallInput` as it arrives. */
interface TripCallInput extends TripName {
  readonly stop: number;
  readonly at?: EpochMs | null;
}

@Resolver()
@Access('staff', 'hq')
export class TripResolver {
  constructor(private readonly trips: Trips) {}

  @Query('tripsOf')
  async tripsOf(
    @Args('placeCode') placeCode: string,
    @Args('date') date: LocalDate,
    @CurrentCaller() caller: Caller,
  ) {
    checkPlace(placeCode, caller as GoodsCaller);
    return (await this.trips.at(placeCode, date)).map(visitView);
  }

  @Query('trip')
  async trip(@Args() { lineCode, departs }: TripName, @CurrentCaller() caller: Caller) {
    const found = await this.trips.find({ lineCode, departs });
    if (found === null) return null;
    const isTheirs = found.line.stops.some(({ code }) => mayActAt(caller as GoodsCaller, code));
    if (!isTheirs) throw forbidden('This van comes to no place of yours.');
    return tripView(found);
  }

  @Mutation('departTrip')
  async departTrip(@Args('input') input: TripCallInput, @CurrentCaller() caller: Caller) {
    return callAnswer(await this.trips.depart(await this.report(input, caller)));
  }

  @Mutation('arriveTrip')
  async arriveTrip(@Args('input') input: TripCallInput, @CurrentCaller() caller: Caller) {
    return callAnswer(await this.trips.arrive(await this.report(input, caller)));
  }

  /** @throws GraphQLError FORBIDDEN: staff say what happens at their own places */
  private async report(input: TripCallInput, caller: Caller): Promise<CallReport> {
    const { lineCode, departs, stop, at = null } = input;
    const { id: actor } = caller as GoodsCaller;
    const report = { trip: { lineCode, departs }, stop, at, actor };
    const placeCode = await this.trips.placeOf(report);
    if (placeCode !== null) checkPlace(placeCode, caller as GoodsCaller);
    return report;
  }
}
