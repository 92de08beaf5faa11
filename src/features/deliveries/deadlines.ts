/** Attempts that begin within this time of each other share a deadline. */
const SHARED_MS = 50;

/** Signals that abort after a time; a timer for each of thousands of attempts would cost more than they do. */
export class Deadlines {
  private readonly recent = new Map<
    number,
    { readonly signal: AbortSignal; readonly atMs: number }
  >();

  /** Aborts in `ms`, or a moment sooner. */
  in(ms: number): AbortSignal {
    const atMs = performance.now();
    const known = this.recent.get(ms);
    if (known !== undefined && atMs - known.atMs < SHARED_MS) return known.signal;
    const signal = AbortSignal.timeout(ms);
    this.recent.set(ms, { signal, atMs });
    return signal;
  }
}
