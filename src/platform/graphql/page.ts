import { validate as isUuid } from 'uuid';

import { badInput } from './errors.ts';

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly first: number;
  readonly after?: string | null;
}

/** @throws GraphQLError BAD_USER_INPUT unless 1 to `most` are asked for */
export function checkPage({ first }: PageRequest, most: number): void {
  if (first < 1 || first > most) throw badInput(`1 to ${most} at a time.`, 'first');
}

/**
 * The id after which a list of ids goes on; null: from its begin on.
 *
 * @throws GraphQLError BAD_USER_INPUT if it is no id
 */
export function startAfter({ after }: Pick<PageRequest, 'after'>): string | null {
  if (after == null) return null;
  if (!isUuid(after)) throw badInput('This is no id of the list.', 'after');
  return after;
}

const MOST_CODES = 200;

/** The part of a map, whose keys are in order, that was asked for. */
export function pageOf<T>(parts: ReadonlyMap<string, T>, page: PageRequest): readonly T[] {
  checkPage(page, MOST_CODES);
  const after = page.after ?? '';
  const codes = [...parts.keys()].filter((code) => code > after).slice(0, page.first);
  return codes.map((code) => parts.get(code)!);
}
