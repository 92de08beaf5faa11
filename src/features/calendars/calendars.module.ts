import { Module } from '@nestjs/common';

import { CONFIG, type Config } from '../../platform/config/config.ts';
import { tokenSecret } from '../../platform/signin/token-secret.ts';
import { CapacityModule } from '../capacity/index.ts';
import { CalendarKeys } from './calendar-keys.ts';
import { CalendarParts } from './calendar-parts.ts';
import { CalendarRoutes } from './calendar-routes.ts';
import { CalendarsResolver } from './calendars.resolver.ts';
import { Calendars } from './calendars.service.ts';
import { VisitReader } from './visit-reader.ts';

/** Appointments in people's own calendars: to subscribe to, and along with messages. */
@Module({
  imports: [CapacityModule],
  providers: [
    CalendarParts,
    CalendarRoutes,
    Calendars,
    CalendarsResolver,
    VisitReader,
    {
      provide: CalendarKeys,
      inject: [CONFIG],
      useFactory: (config: Config) => new CalendarKeys(() => tokenSecret(config)),
    },
  ],
  exports: [CalendarParts],
})
export class CalendarsModule {}
