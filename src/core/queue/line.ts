import type { VisitKind } from '../counter/remaining.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import type { LineKey } from './due.ts';
import type { QueueSettings } from './settings.ts';

/** What is done at the desk. */
export interface DeskWork {
  readonly visitKind: VisitKind;
  /** At least 1. */
  readonly pairs: number;
}

/** Somebody who waits. */
export interface WaitingVisit extends LineKey, DeskWork {
  /** The only desk that is to call them; null: any that serves the kind. */
  readonly desk: string | null;
}

/** A desk that is open. */
export interface OpenDesk {
  readonly name: string;
  readonly visitKinds: readonly VisitKind[];
  /** Whom it is busy with, and since when; null: with nobody. */
  readonly busy: (DeskWork & { readonly since: EpochMs }) | null;
}

/** Somebody with an appointment who has not come yet. */
export interface ToCome extends DeskWork {
  readonly id: string;
  readonly slotStart: EpochMs;
}

/** A store's line at one moment. */
export interface Line {
  readonly now: EpochMs;
  readonly waiting: readonly WaitingVisit[];
  readonly desks: readonly OpenDesk[];
  readonly toCome: readonly ToCome[];
  readonly settings: QueueSettings;
}

/** Milliseconds that such a visit takes at the desk in the mean. */
export function meanMs({ visitKind, pairs }: DeskWork, settings: QueueSettings): number {
  return (settings.visitMin[visitKind] + settings.pairMin[visitKind] * pairs) * MINUTE_MS;
}

/** Whether a desk may call a visit. */
export const mayCall = (desk: Omit<OpenDesk, 'busy'>, visit: WaitingVisit): boolean =>
  visit.desk === null ? desk.visitKinds.includes(visit.visitKind) : visit.desk === desk.name;
