import type { LeafWriter } from './leaf-writer.ts';

/** A field that is read from its object and written as it is. */
export interface PlainField {
  /** In the answer. */
  readonly key: string;
  /** In the object. */
  readonly name: string;
  readonly write: LeafWriter;
}

/**
 * Writes an object that only has such fields, as most items of long lists are: nothing to call and
 * nothing to wait for, so neither a place in the answer nor anything else has to be kept for it.
 *
 * @returns undefined if anything is not as it mostly is: then it is to be answered in the general way,
 *   which also finds the words for what is wrong
 */
export function writePlain(
  fields: readonly PlainField[],
  source: unknown,
): Record<string, unknown> | undefined {
  if (typeof source !== 'object' || source === null || source instanceof Error) return undefined;
  const written: Record<string, unknown> = {};
  try {
    for (const { key, name, write } of fields) {
      const value = (source as Record<string, unknown>)[name];
      if (!isPlain(value)) return undefined;
      written[key] = write(value);
    }
  } catch {
    return undefined;
  }
  return 'then' in source && typeof source.then === 'function' ? undefined : written;
}

/** Nothing to wait for, to call, to throw or to find missing. */
export const isPlain = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
