import type { MessagePlan } from '../messages/owed.ts';
import type { MessagePolicy } from '../messages/policy.ts';
import { quietAt } from '../messages/quiet-hours.ts';
import { MINUTE_MS, type EpochMs, type TimeZone } from '../time/time.ts';

/** A customer who is told of it later than so long before their visit is called as well. */
const LEAST_NOTICE_MS = 120 * MINUTE_MS;

/**
 * Whether a message tells the customer of a broken promise long enough before the visit. What is due in
 * quiet hours could not wait for their end, and is not sent in them.
 *
 * @param zone of the store that is visited
 */
export function isToldInTime(
  { owed }: MessagePlan,
  { quietHours }: MessagePolicy,
  zone: TimeZone,
  visitStart: EpochMs,
): boolean {
  const told = owed.find(({ kind, skip }) => kind === 'NEW_PROMISE' && skip === null);
  if (told === undefined || told.dueAt > visitStart - LEAST_NOTICE_MS) return false;
  return quietHours === null || quietAt(told.dueAt, quietHours, zone) === null;
}
