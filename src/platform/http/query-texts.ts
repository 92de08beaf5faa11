/** The parameters of a query that are given once. */
export function textsOf(query: unknown): Readonly<Record<string, string | undefined>> {
  const given = Object.entries(query as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
