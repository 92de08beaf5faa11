import { badInput } from '../../platform/graphql/errors.ts';

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly first: number;
  readonly after?: string | null;
}

/** @throws GraphQLError BAD_USER_INPUT unless 1 to `most` are asked for */
export function checkPage({ first }: PageRequest, most: number): void {
  if (first < 1 || first > most) throw badInput(`1 to ${most} at a time.`, 'first');
}

/** The part of a map in order of code that was asked for. */
export function pageOf<T>(parts: ReadonlyMap<string, T>, page: PageRequest): readonly T[] {
  checkPage(page, 200);
  const after = page.after ?? '';
  const codes = [...parts.keys()].filter((code) => code > after).slice(0, page.first);
  return codes.map((code) => parts.get(code)!);
}
