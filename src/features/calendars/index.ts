export { CalendarParts } from './calendar-parts.ts';
export { CalendarsModule } from './calendars.module.ts';
