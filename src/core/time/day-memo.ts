/**
 * Remembers what was computed of an immutable value for each of some days, in bounded memory.
 *
 * `compute` must depend on nothing but the value and the day; then an entry is never wrong and may be
 * dropped at any time.
 */
export class DayMemo<Key extends object, Value> {
  private byKey = new WeakMap<Key, Map<number, Value>>();
  private size = 0;

  /** @param maxEntries (key, day) pairs; one more and all are dropped */
  constructor(
    private readonly maxEntries: number,
    /** The values of every day from `first` to `last`, in order. */
    private readonly compute: (key: Key, first: number, last: number) => readonly Value[],
  ) {}

  /** The value of every day from `first` to `last`, in order. */
  days(key: Key, first: number, last: number): readonly Value[] {
    const known = this.byKey.get(key);
    const out: Value[] = [];
    for (let day = first; day <= last; day++) {
      const value = known?.get(day);
      if (value === undefined) return [...out, ...this.learn(key, day, last)];
      out.push(value);
    }
    return out;
  }

  day(key: Key, day: number): Value {
    return this.byKey.get(key)?.get(day) ?? this.learn(key, day, day)[0]!;
  }

  private learn(key: Key, first: number, last: number): readonly Value[] {
    const values = this.compute(key, first, last);
    if (this.size + values.length > this.maxEntries) {
      this.byKey = new WeakMap();
      this.size = 0;
    }
    let known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, (known = new Map<number, Value>()));
    for (const [index, value] of values.entries()) known.set(first + index, value);
    this.size += values.length;
    return values;
  }
}

/** One list of all. `Array.prototype.flat` needs ten times as long. */
export function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return ([] as T[]).concat(...lists);
}
