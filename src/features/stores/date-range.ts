import { dayNumber, isLocalDate } from '../../core/time/local-date.ts';
import type { LocalDate } from '../../core/time/time.ts';
import { badInput } from '../../platform/graphql/errors.ts';

const MOST_DAYS = 62;

/** @throws GraphQLError BAD_USER_INPUT unless both are dates, in order, at most 62 days with both ends */
export function checkDateRange(from: LocalDate, to: LocalDate): void {
  if (!isLocalDate(from)) throw badInput('A date is written as in 2026-03-01.', 'from');
  if (!isLocalDate(to)) throw badInput('A date is written as in 2026-03-01.', 'to');
  if (to < from) throw badInput('The range ends before it begins.', 'to');
  if (dayNumber(to) - dayNumber(from) >= MOST_DAYS)
    throw badInput(`At most ${MOST_DAYS} days.`, 'to');
}
