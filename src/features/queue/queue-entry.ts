import type { VisitKind } from '../../core/counter/remaining.ts';
import type { QueueKind } from '../../core/queue/due.ts';
import type { WaitingVisit } from '../../core/queue/line.ts';
import type { QueueState } from '../../core/queue/states.ts';
import type { EpochMs } from '../../core/time/time.ts';

/** One customer in one store's line, at one version. */
export interface QueueEntryData {
  readonly id: string;
  readonly storeCode: string;
  /** As it is shown: `A012` of an appointment, `W007` of a walk-in, `L003` of somebody who came late. */
  readonly number: string;
  readonly kind: QueueKind;
  readonly visitKind: VisitKind;
  readonly pairs: number;
  readonly orderId: string | null;
  readonly arrivedAt: EpochMs;
  readonly dueAt: EpochMs;
  readonly reducedMobility: boolean;
  readonly goesFirst: boolean;
  readonly state: QueueState;
  readonly desk: string | null;
  readonly calledAt: EpochMs | null;
  readonly servedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  readonly version: number;
}

/** A desk of a store. */
export interface DeskData {
  readonly storeCode: string;
  readonly name: string;
  readonly isOpen: boolean;
  readonly visitKinds: readonly VisitKind[];
}

export interface EntryRow {
  readonly id: string;
  readonly store_code: string;
  readonly number: string;
  readonly kind: QueueKind;
  readonly visit_kind: VisitKind;
  readonly pairs: number;
  readonly order_id: string | null;
  readonly order_version: number | null;
  readonly arrived_at: Date;
  readonly due_at: Date;
  readonly reduced_mobility: boolean;
  readonly goes_first: boolean;
  readonly state: QueueState;
  readonly desk: string | null;
  readonly called_at: Date | null;
  readonly served_at: Date | null;
  readonly ended_at: Date | null;
  readonly near_at: Date | null;
  readonly version: number;
}

/** Columns of {@link EntryRow}. */
export const ENTRY_COLUMNS = `id, store_code, number, kind, visit_kind, pairs, order_id, order_version,
  arrived_at, due_at, reduced_mobility, goes_first, state, desk, called_at, served_at, ended_at, near_at,
  version`;

export function entryFrom(row: EntryRow): QueueEntryData {
  return {
    id: row.id,
    storeCode: row.store_code,
    number: row.number,
    kind: row.kind,
    visitKind: row.visit_kind,
    pairs: row.pairs,
    orderId: row.order_id,
    arrivedAt: row.arrived_at.getTime(),
    dueAt: row.due_at.getTime(),
    reducedMobility: row.reduced_mobility,
    goesFirst: row.goes_first,
    state: row.state,
    desk: row.desk,
    calledAt: row.called_at?.getTime() ?? null,
    servedAt: row.served_at?.getTime() ?? null,
    endedAt: row.ended_at?.getTime() ?? null,
    version: row.version,
  };
}

export const waitingVisit = (entry: QueueEntryData): WaitingVisit => ({
  ...{ id: entry.id, goesFirst: entry.goesFirst, dueAt: entry.dueAt, arrivedAt: entry.arrivedAt },
  ...{ visitKind: entry.visitKind, pairs: entry.pairs, desk: entry.desk },
});
