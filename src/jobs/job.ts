/**
 * Work that runs on a clock. Several workers may tick at once and a tick may be missed or repeated, so
 * `run` works on what is due in the database, never on "since my last run".
 */
export interface Job {
  /** Stable name: log field, timer name. */
  readonly name: string;
  readonly everySeconds: number;
  /** @returns how many things were handled, for the log */
  run(): Promise<number>;
  /**
   * Says when something may be due before the next tick. A hint only: all that is due is found by ticks
   * alone, if later.
   *
   * @returns ends it
   */
  wakes?(wake: () => void): () => void;
}

/** Injection token for all jobs. */
export const JOBS = Symbol('JOBS');
