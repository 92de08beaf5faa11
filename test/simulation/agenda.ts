import type { EpochMs } from '../../src/core/time/time.ts';

type Work = () => unknown;

interface Entry {
  readonly at: EpochMs;
  /** Of two at one instant, the one that was put down first comes first. */
  readonly turn: number;
  readonly work: Work;
}

/** What is going to happen, in order of time: a binary heap. */
export class Agenda {
  private readonly heap: Entry[] = [];
  private turns = 0;
  /** Things that were done. */
  done = 0;

  constructor(public now: EpochMs) {}

  /** At the earliest now: nothing happens in the past. A clock shows whole milliseconds. */
  at(instant: EpochMs, work: Work): void {
    const { heap } = this;
    heap.push({ at: Math.max(Math.round(instant), this.now), turn: this.turns++, work });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(heap[child]!, heap[parent]!)) break;
      this.swap(child, parent);
      child = parent;
    }
  }

  in(byMs: number, work: Work): void {
    this.at(this.now + byMs, work);
  }

  /**
   * One after the other.
   *
   * @param arrive told each new instant before anything happens at it
   * @param failed told what went wrong; the rest goes on
   */
  async goOn(
    until: EpochMs,
    arrive: (instant: EpochMs) => void,
    failed: (fault: unknown) => void,
  ): Promise<void> {
    for (;;) {
      const next = this.heap[0];
      if (next === undefined || next.at > until) break;
      this.takeFirst();
      if (next.at !== this.now) {
        this.now = next.at;
        arrive(next.at);
      }
      try {
        await next.work();
      } catch (fault) {
        failed(fault);
      }
      this.done += 1;
    }
    this.now = until;
    arrive(until);
  }

  private takeFirst(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      let least = parent;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (left + 1 < heap.length && isBefore(heap[left + 1]!, heap[least]!)) least = left + 1;
      if (least === parent) return;
      this.swap(parent, least);
      parent = least;
    }
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.turn < b.turn);
