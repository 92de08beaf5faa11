import { MAX_INT } from './check-values.ts';
import type { ProblemList } from './problem-list.ts';

/** Looks whether a value read from JSON has a shape, and adds what differs from it. */
export type Shape = (value: unknown, path: string, problems: ProblemList) => void;

/** How a field may be left out: not at all; or absent; or absent or null. */
export type Presence = 'needed' | 'defaulted' | 'optional';

/** Each field with its shape. */
export type Fields<T> = {
  readonly [Name in keyof T]-?: readonly [presence: Presence, shape: Shape];
};

const MIN_INT = -2_147_483_648;

const simple =
  (accepts: (value: unknown) => boolean, message: string): Shape =>
  (value, path, problems) => {
    if (!accepts(value)) problems.add(path, message);
  };

export const text = simple((value) => typeof value === 'string', 'must be a text');

export const truth = simple((value) => typeof value === 'boolean', 'must be true or false');

export const decimal = simple((value) => Number.isFinite(value), 'must be a number');

export const whole = simple(
  (value) => Number.isInteger(value) && Number(value) >= MIN_INT && Number(value) <= MAX_INT,
  'must be a whole number of at most 32 bits',
);

export const oneOf = (names: readonly string[]): Shape =>
  simple((value) => names.includes(value as string), `must be one of ${names.join(', ')}`);

export const listOf =
  (element: Shape): Shape =>
  (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.add(path, 'must be a list');
      return;
    }
    for (const [index, entry] of value.entries()) {
      if (problems.isFull) return;
      element(entry, `${path}[${index}]`, problems);
    }
  };

/** Fields in the order of the value, then those that it lacks. A field that is not named is a fault. */
export const record =
  <T>(fields: Fields<T>): Shape =>
  (value, path, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.add(path, 'must be an object');
      return;
    }
    const known = new Map(Object.entries<readonly [Presence, Shape]>(fields));
    const prefix = path === '' ? '' : `${path}.`;
    for (const [name, inner] of Object.entries(value)) {
      const field = known.get(name);
      known.delete(name);
      if (field === undefined) problems.add(`${prefix}${name}`, 'there is no such field');
      else if (inner !== null || field[0] !== 'optional')
        field[1](inner, `${prefix}${name}`, problems);
    }
    for (const [name, [presence]] of known) {
      if (presence === 'needed') problems.add(`${prefix}${name}`, 'is missing');
    }
  };
