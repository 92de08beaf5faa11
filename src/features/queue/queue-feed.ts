import { Injectable } from '@nestjs/common';

import { forbidden } from '../../platform/graphql/errors.ts';
import { QueueBoard, type QueuePlace } from './queue-board.ts';
import { QueueNews } from './queue-news.ts';
import { IS_OVER } from '../../core/queue/states.ts';

/** How often a place is looked at when nobody says that its line moved: time moves it too. */
const LOOK_MS = 15_000;

/** What one customer sees of the line, each time that it is another. */
@Injectable()
export class QueueFeed {
  constructor(
    private readonly board: QueueBoard,
    private readonly news: QueueNews,
  ) {}

  /** @throws GraphQLError FORBIDDEN if there is no such entry */
  async open(id: string): Promise<AsyncIterableIterator<QueuePlace>> {
    const wake = new Wake();
    let storeCode: string | null = null;
    // Before the first reading, so that what moves right after it is heard.
    const stop = this.news.listen({
      moved: (moved) => {
        if (storeCode === null || moved === storeCode) wake.up();
      },
      missed: () => {
        wake.up();
      },
    });
    const looks = setInterval(() => {
      wake.up();
    }, LOOK_MS).unref();
    const end = () => {
      stop();
      clearInterval(looks);
      wake.end();
    };
    const first = await this.board.place(id).catch((fault: unknown) => {
      end();
      throw fault;
    });
    if (first === null) {
      end();
      throw forbidden('There is no such visit.');
    }
    storeCode = first.entry.storeCode;
    return endingWith(end, this.places(first, wake, end));
  }

  private async *places(
    first: QueuePlace,
    wake: Wake,
    end: () => void,
  ): AsyncGenerator<QueuePlace, void, void> {
    let seen = '';
    let place: QueuePlace | null = first;
    try {
      while (place !== null) {
        const text = JSON.stringify(place);
        if (text !== seen) yield place;
        seen = text;
        if (IS_OVER.has(place.entry.state) || !(await wake.awaited())) return;
        place = await this.board.place(place.entry.id);
      }
    } finally {
      end();
    }
  }
}

/** Said once or many times before anybody waits: it is heard once. */
class Wake {
  private isUp = false;
  private isOver = false;
  private resolve: (() => void) | undefined;

  up(): void {
    this.isUp = true;
    this.resolve?.();
  }

  end(): void {
    this.isOver = true;
    this.resolve?.();
  }

  /** @returns false: it was ended */
  async awaited(): Promise<boolean> {
    while (!this.isUp && !this.isOver) {
      await new Promise<void>((resolve) => (this.resolve = resolve));
    }
    this.isUp = false;
    return !this.isOver;
  }
}

/** Ends the wait for the next place too: a generator alone takes notice only after it. */
function endingWith(
  end: () => void,
  places: AsyncGenerator<QueuePlace, void, void>,
): AsyncIterableIterator<QueuePlace> {
  return {
    next: () => places.next(),
    return: () => {
      end();
      return places.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
