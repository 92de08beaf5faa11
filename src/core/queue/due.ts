import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import type { QueueSettings } from './settings.ts';

/** As whom a customer joins the line. */
export type QueueKind = 'APPOINTMENT' | 'WALK_IN' | 'LATE_APPOINTMENT';

/** By what the line is ordered. */
export interface LineKey {
  readonly id: string;
  readonly goesFirst: boolean;
  readonly dueAt: EpochMs;
  readonly arrivedAt: EpochMs;
}

/** As whom somebody with an appointment joins, and whether its slot still counts them. */
export interface Arrival {
  readonly kind: QueueKind;
  readonly keepsSlot: boolean;
}

/**
 * On time is from the early window before the start of the slot until the late window after it, both ends
 * included. Who comes earlier joins as a walk-in, who comes later as late; both give their slot back.
 */
export function arrivalAt(slotStart: EpochMs, now: EpochMs, settings: QueueSettings): Arrival {
  if (now < slotStart - settings.earlyWindowMin * MINUTE_MS) {
    return { kind: 'WALK_IN', keepsSlot: false };
  }
  if (now > slotStart + settings.lateWindowMin * MINUTE_MS) {
    return { kind: 'LATE_APPOINTMENT', keepsSlot: false };
  }
  return { kind: 'APPOINTMENT', keepsSlot: true };
}

/**
 * By when a visit should be called: the one key by which the line is ordered. It never changes while the
 * customer waits, so whoever waits long enough is next, and nobody jumps.
 *
 * @param slotStart of the appointment; only one that is kept has it
 */
export function dueTime(
  kind: QueueKind,
  arrivedAt: EpochMs,
  slotStart: EpochMs | null,
  settings: QueueSettings,
): EpochMs {
  switch (kind) {
    case 'APPOINTMENT':
      return (slotStart ?? arrivedAt) + settings.appointmentTargetMin * MINUTE_MS;
    case 'LATE_APPOINTMENT':
      return arrivedAt + settings.lateTargetMin * MINUTE_MS;
    case 'WALK_IN':
      return arrivedAt + settings.walkInTargetMin * MINUTE_MS;
  }
}

/** Who is next: those who go first, then by due time; ties by arrival, then by id. A total order. */
export function compareInLine(a: LineKey, b: LineKey): number {
  if (a.goesFirst !== b.goesFirst) return a.goesFirst ? -1 : 1;
  if (a.dueAt !== b.dueAt) return a.dueAt - b.dueAt;
  if (a.arrivedAt !== b.arrivedAt) return a.arrivedAt - b.arrivedAt;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
