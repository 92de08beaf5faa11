import { Injectable } from '@nestjs/common';

import type { VisitKind } from '../../core/counter/remaining.ts';
import { dueTime } from '../../core/queue/due.ts';
import {
  aheadOf,
  expectedWaits,
  waitOfNewcomer,
  type ExpectedWait,
} from '../../core/queue/expected-wait.ts';
import type { Line } from '../../core/queue/line.ts';
import { AT_A_DESK } from '../../core/queue/states.ts';
import { Clock } from '../../platform/clock.ts';
import { Capacity } from '../capacity/index.ts';
import { LineReader } from './line-reader.ts';
import { entryFrom, waitingVisit, type DeskData, type QueueEntryData } from './queue-entry.ts';

/** An entry with what its customer is told. */
export interface QueuePlace {
  readonly entry: QueueEntryData;
  /** Null: they do not wait, or no open desk serves them. */
  readonly wait: ExpectedWait | null;
  /** Null: they do not wait. */
  readonly peopleAhead: number | null;
}

/** A store's line for its staff. */
export interface QueueOfStore {
  readonly storeCode: string;
  readonly desks: readonly DeskData[];
  readonly waiting: readonly QueuePlace[];
  readonly atDesks: readonly QueuePlace[];
  readonly held: readonly QueuePlace[];
}

/** Nobody with this id waits: it stands for somebody who may join. */
const NEWCOMER = 'newcomer';

/** Lines as they are shown: to staff, to those who wait, and to those who think of joining. */
@Injectable()
export class QueueBoard {
  constructor(
    private readonly reader: LineReader,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
  ) {}

  /** Null: there is no such store. */
  async ofStore(storeCode: string): Promise<QueueOfStore | null> {
    if (!(await this.capacity.lastSeen()).stores.has(storeCode)) return null;
    const { line, entries, desks } = await this.reader.line(storeCode, this.clock.now());
    const waits = expectedWaits(line);
    const places = entries.map((entry) => placeIn(line, waits, entry));
    return {
      storeCode,
      desks,
      waiting: places.filter(({ entry }) => entry.state === 'WAITING'),
      atDesks: places.filter(({ entry }) => AT_A_DESK.has(entry.state)),
      held: places.filter(({ entry }) => entry.state === 'HELD'),
    };
  }

  /** Null: there is no such entry. */
  async place(id: string): Promise<QueuePlace | null> {
    const row = await this.reader.entry(id);
    return row === null ? null : this.placeOf(entryFrom(row));
  }

  async placeOf(entry: QueueEntryData): Promise<QueuePlace> {
    if (entry.state !== 'WAITING') return { entry, wait: null, peopleAhead: null };
    const { line } = await this.reader.line(entry.storeCode, this.clock.now());
    return placeIn(line, expectedWaits(line), entry);
  }

  /** What a walk-in would be told who joined now. Null: no such store, or no open desk serves them. */
  async expected(
    storeCode: string,
    visitKind: VisitKind,
    pairs: number,
  ): Promise<ExpectedWait | null> {
    if (!(await this.capacity.lastSeen()).stores.has(storeCode)) return null;
    const now = this.clock.now();
    const { line } = await this.reader.line(storeCode, now);
    return waitOfNewcomer(line, {
      ...{ id: NEWCOMER, goesFirst: false, arrivedAt: now, visitKind, pairs, desk: null },
      dueAt: dueTime('WALK_IN', now, null, line.settings),
    });
  }
}

function placeIn(
  line: Line,
  waits: ReadonlyMap<string, ExpectedWait | null>,
  entry: QueueEntryData,
): QueuePlace {
  if (entry.state !== 'WAITING') return { entry, wait: null, peopleAhead: null };
  const peopleAhead = aheadOf(waitingVisit(entry), line);
  return { entry, wait: waits.get(entry.id) ?? null, peopleAhead };
}
