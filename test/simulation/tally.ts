import type { EpochMs } from '../../src/core/time/time.ts';

/** Something that must not be, with enough to find out why. */
export interface Flaw {
  readonly code:
    | 'FAULT_LOGGED'
    | 'REQUEST_FAILED'
    | 'UNEXPECTED_REFUSAL'
    | 'ANSWERED_OTHERWISE'
    | 'PAIR_ELSEWHERE'
    | 'PAIR_UNKNOWN'
    | 'DISCREPANCY'
    | 'SILENTLY_LATE'
    | 'NOT_CALLED'
    | 'WASTED_TRIP'
    | 'OUT_OF_TURN'
    | 'SENT_TWICE'
    | 'NOT_SENT'
    | 'SENT_UNOWED'
    | 'STUCK'
    | 'LEDGER';
  readonly at: EpochMs;
  readonly detail: string;
}

/** Told before joining or on joining, and how it was, in minutes. */
export interface WaitTold {
  readonly from: number;
  readonly likely: number;
  readonly to: number;
  readonly real: number;
}

/** What is counted while a simulation runs. */
export class Tally {
  readonly flaws: Flaw[] = [];
  readonly waits: WaitTold[] = [];
  private readonly counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.counts.set(name, this.of(name) + by);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Counts whose names begin so, by the rest of the name. */
  under(prefix: string): readonly (readonly [string, number])[] {
    return [...this.counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]) => [name.slice(prefix.length), count] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  flaw(code: Flaw['code'], at: EpochMs, detail: string): void {
    this.flaws.push({ code, at, detail });
  }
}
