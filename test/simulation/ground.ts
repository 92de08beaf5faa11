import type { Network } from '../../src/core/network/network.ts';
import type { Random } from '../support/random.ts';
import type { Agenda } from './agenda.ts';
import type { Api } from './api.ts';
import type { OrderBook } from './order-book.ts';
import type { Tally } from './tally.ts';
import type { Terms } from './terms.ts';

/** What all who play a part share. */
export interface Ground {
  readonly terms: Terms;
  /** The chain as it is stated, without its disruptions. */
  readonly network: Network;
  readonly agenda: Agenda;
  readonly api: Api;
  readonly book: OrderBook;
  readonly tally: Tally;
  /** Sources of chance, each by its name: what one part draws is nothing to the others. */
  readonly chance: (name: string) => Random;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const iso = (instant: number): string => new Date(instant).toISOString();

/** A number for a name: equal names give equal numbers. FNV-1a. */
export function numberOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
