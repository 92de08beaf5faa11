import { Args, Query, Resolver } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import {
  Availability,
  type AvailabilityRequest,
  type StoreAvailability,
} from './availability.service.ts';

@Resolver()
export class AvailabilityResolver {
  constructor(private readonly availabilities: Availability) {}

  @Query('availability')
  @Access('public')
  availability(
    @Args() request: AvailabilityRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<readonly StoreAvailability[]> {
    return this.availabilities.find(request, caller);
  }
}
