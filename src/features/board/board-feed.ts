import { Injectable } from '@nestjs/common';

import { doorsOf } from '../../core/board/arrivals.ts';
import type { LocalDate } from '../../core/time/time.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { Capacity } from '../capacity/index.ts';
import type { DayBoard } from './board.ts';
import { DayBoards } from './day-boards.service.ts';
import { WatchedBoards, type BoardWatch } from './watched-boards.ts';

/** A client is told of a board at most so often. */
const PAUSE_MS = 1_000;

/** A board with all of it but the moment it is of, to be compared. */
interface Sight {
  readonly board: DayBoard;
  readonly text: string;
}

/** Readings of one board: all who ask while one is under way share the next. */
interface Readings {
  running: Promise<Sight | null>;
  next: Promise<Sight | null> | undefined;
}

/**
 * A store's board as it is now, then again whenever it is no longer the same.
 *
 * It is always the whole board, so a client that was cut off and comes again has missed nothing. News are
 * only a reason to look; what makes no difference on the board is not told.
 */
@Injectable()
export class BoardFeed {
  private readonly readings = new Map<string, Readings>();

  constructor(
    private readonly boards: DayBoards,
    private readonly capacity: Capacity,
    private readonly watched: WatchedBoards,
  ) {}

  /** @throws GraphQLError BAD_USER_INPUT if there is no such store */
  async open(storeCode: string, date: LocalDate): Promise<AsyncIterableIterator<DayBoard>> {
    const { network } = await this.capacity.world();
    // Before the first reading, so that what changes right after it is heard.
    const watch = this.watched.watch(doorsOf(network, storeCode));
    try {
      const first = await this.sight(storeCode, date);
      if (first === null) throw badInput('There is no such store.', 'storeCode');
      return endingWith(watch, this.sights(watch, first));
    } catch (fault) {
      watch.end();
      throw fault;
    }
  }

  private async *sights(watch: BoardWatch, first: Sight): AsyncGenerator<DayBoard, void, void> {
    const { store, date } = first.board;
    try {
      for (let seen = first, found: Sight | null = first; found !== null;) {
        if (found === first || found.text !== seen.text) yield found.board;
        seen = found;
        if (!(await watch.pause(PAUSE_MS)) || !(await watch.changed())) return;
        found = await this.sight(store.code, date);
      }
    } finally {
      watch.end();
    }
  }

  /** By a reading that begins after this call. */
  private sight(storeCode: string, date: LocalDate): Promise<Sight | null> {
    const key = `${storeCode} ${date}`;
    const known = this.readings.get(key);
    if (known?.next !== undefined) return known.next;
    const read = (): Promise<Sight | null> => {
      const running = this.read(storeCode, date).finally(() => {
        if (this.readings.get(key)?.running === running) this.readings.delete(key);
      });
      this.readings.set(key, { running, next: undefined });
      return running;
    };
    if (known === undefined) return read();
    return (known.next = known.running.then(read, read));
  }

  private async read(storeCode: string, date: LocalDate): Promise<Sight | null> {
    const board = await this.boards.of(storeCode, date);
    if (board === null) return null;
    const { visits, walkIns, arrivals, ready, tasks, totals } = board;
    return { board, text: JSON.stringify([visits, walkIns, arrivals, ready, tasks, totals]) };
  }
}

/** Ends the wait for the next board too: a generator alone takes notice only after it. */
function endingWith(
  watch: BoardWatch,
  boards: AsyncGenerator<DayBoard, void, void>,
): AsyncIterableIterator<DayBoard> {
  return {
    next: () => boards.next(),
    return: () => {
      watch.end();
      return boards.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
