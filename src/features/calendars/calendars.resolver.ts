import { Args, Query, Resolver } from '@nestjs/graphql';

import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, CustomerCaller, SignedInCaller } from '../../platform/signin/caller.ts';
import { Calendars } from './calendars.service.ts';

@Resolver()
export class CalendarsResolver {
  constructor(private readonly calendars: Calendars) {}

  @Query('storeCalendar')
  @Access('staff', 'hq')
  storeCalendar(
    @Args('storeCode') storeCode: string,
    @Args('locale') locale: string | null,
    @CurrentCaller() caller: Caller,
  ): Promise<string | null> {
    return this.calendars.storeAddress(storeCode, locale ?? null, caller as SignedInCaller);
  }

  @Query('myCalendar')
  @Access('customer')
  myCalendar(@CurrentCaller() caller: Caller): Promise<string | null> {
    return this.calendars.customerAddress(caller as CustomerCaller);
  }
}
