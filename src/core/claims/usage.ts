import type { EpochMs } from '../time/time.ts';
import type { Bucket, Claim } from './claim.ts';

/** Told of every bucket whose sum changed. */
export type UsageListener = (resource: string, start: EpochMs, taken: number) => void;

const NOTHING: ReadonlyMap<EpochMs, number> = new Map();

/**
 * What is taken of each bucket, as this process knows it: the in-memory reading of the ledger.
 *
 * A working value, not shared between processes: it is changed only through {@link add}. A bucket that
 * is not named holds nothing.
 */
export class Usage {
  private readonly byResource = new Map<string, Map<EpochMs, number>>();
  private readonly listeners = new Set<UsageListener>();

  taken(resource: string, start: EpochMs): number {
    return this.byResource.get(resource)?.get(start) ?? 0;
  }

  /** All windows of one resource of which something is taken, unordered. */
  windows(resource: string): ReadonlyMap<EpochMs, number> {
    return this.byResource.get(resource) ?? NOTHING;
  }

  /** Every bucket of which something is taken, unordered. */
  *buckets(): Iterable<Claim> {
    for (const [resource, windows] of this.byResource) {
      for (const [start, amount] of windows) yield { resource, start, amount };
    }
  }

  /** Adds each amount (negative: gives back) to its bucket. */
  add(claims: readonly Claim[]): void {
    for (const { resource, start, amount } of claims) this.change({ resource, start }, amount);
  }

  /** Takes the amounts off again. */
  remove(claims: readonly Claim[]): void {
    for (const { resource, start, amount } of claims) this.change({ resource, start }, -amount);
  }

  /** Runs `look` with `claims` seen as free, for whoever holds them already. Nothing may await inside. */
  without<T>(claims: readonly Claim[], look: () => T): T {
    this.remove(claims);
    try {
      return look();
    } finally {
      this.add(claims);
    }
  }

  /** Runs `look` with `claims` seen as taken too. Nothing may await inside. */
  withAlso<T>(claims: readonly Claim[], look: () => T): T {
    this.add(claims);
    try {
      return look();
    } finally {
      this.remove(claims);
    }
  }

  /** @returns stop listening */
  onChange(listener: UsageListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private change({ resource, start }: Bucket, amount: number): void {
    let windows = this.byResource.get(resource);
    if (windows === undefined) {
      windows = new Map<EpochMs, number>();
      this.byResource.set(resource, windows);
    }
    const taken = (windows.get(start) ?? 0) + amount;
    if (taken === 0) windows.delete(start);
    else windows.set(start, taken);
    for (const listener of this.listeners) listener(resource, start, taken);
  }
}
