import type { EpochMs } from '../time/time.ts';
import type { Assignment } from './assignment.ts';
import type { Load } from './load.ts';
import type { PickUpDesk } from './pick-up-desk.ts';
import type { Ride } from './way.ts';
import type { WorkshopTable } from './workshop-table.ts';

export interface WayQuestion {
  readonly load: Load;
  /** Place and instant at which the goods are handed over, or where and since when they are. */
  readonly from: number;
  readonly handedOver: EpochMs;
  /** Place of the pick-up store, and what it says to goods that arrive. */
  readonly to: number;
  readonly desk: PickUpDesk;
  /** Those that have all skills, in order of code. */
  readonly workshops: readonly WorkshopTable[];
}

/** The chosen way of an order through the chain. */
export interface FoundWay {
  /** null: no work is left, the goods only go to the pick-up store. */
  readonly workshop: WorkshopTable | null;
  readonly ridesIn: readonly Ride[];
  /** When the goods are at the workshop. */
  readonly there: EpochMs;
  readonly assignment: Assignment;
  /** All rides of goods without work. */
  readonly ridesOut: readonly Ride[];
  /** At the pick-up store. */
  readonly arrival: EpochMs;
}
