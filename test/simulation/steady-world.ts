import { Random } from '../support/random.ts';

/**
 * Ids are made of the time and of chance, and what is done at one moment is done in their order: so for
 * a run to be repeatable, both come from the simulation. Holds for the whole process until it is undone.
 *
 * @returns undoes it
 */
export function steady(seed: number, now: () => number): () => void {
  const random = new Random(seed);
  const before = {
    now: Date.now,
    random: Math.random,
    values: Object.getOwnPropertyDescriptor(globalThis.crypto, 'getRandomValues'),
  };
  Date.now = () => now();
  Math.random = () => random.next();
  globalThis.crypto.getRandomValues = ((into: Uint8Array) => {
    for (let at = 0; at < into.length; at++) into[at] = random.int(0, 255);
    return into;
  }) as typeof globalThis.crypto.getRandomValues;
  return () => {
    Date.now = before.now;
    Math.random = before.random;
    // What is not its own is there again once ours is gone.
    Reflect.deleteProperty(globalThis.crypto, 'getRandomValues');
    if (before.values !== undefined) {
      Object.defineProperty(globalThis.crypto, 'getRandomValues', before.values);
    }
  };
}
