import type { NetworkProblem } from './network-input.ts';

/** Enough to mend a file by; a file with more faults than this is another kind of file. */
export const MAX_PROBLEMS = 100;

/** The faults found so far, in the order in which they were found. A working value of one validation. */
export class ProblemList {
  private readonly found: NetworkProblem[] = [];

  get problems(): readonly NetworkProblem[] {
    return this.found;
  }

  get count(): number {
    return this.found.length;
  }

  /** No more are taken in; going on looking is a waste. */
  get isFull(): boolean {
    return this.found.length >= MAX_PROBLEMS;
  }

  add(path: string, message: string): void {
    if (!this.isFull) this.found.push({ path, message });
  }
}
