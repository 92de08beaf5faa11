type Step = string | number;

/** The steps of a path such as `stores[3].openingHours[0].opens`. */
export function stepsOf(path: string): readonly Step[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}

/**
 * A deep copy of `json` with `value` at `path`; undefined takes the field away. What is shared within
 * `json` is not shared within the copy.
 */
export function withValueAt<T>(json: T, path: string, value: unknown): T {
  const copy = JSON.parse(JSON.stringify(json)) as T;
  const steps = stepsOf(path);
  let holder = copy as Record<Step, unknown>;
  for (const step of steps.slice(0, -1)) holder = holder[step] as Record<Step, unknown>;
  const last = steps.at(-1)!;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of plain data
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

export function valueAt(json: unknown, path: string): unknown {
  return stepsOf(path).reduce<unknown>(
    (holder, step) => (holder as Record<Step, unknown>)[step],
    json,
  );
}

/** The path of every value inside `json` that `wanted` takes, in order. */
export function pathsIn(
  json: unknown,
  wanted: (value: unknown) => boolean,
  path = '',
): readonly string[] {
  const here = path !== '' && wanted(json) ? [path] : [];
  if (typeof json !== 'object' || json === null) return here;
  const inner = Array.isArray(json)
    ? json.map((value, index) => [`${path}[${index}]`, value] as const)
    : Object.entries(json).map(
        ([name, value]) => [path === '' ? name : `${path}.${name}`, value as unknown] as const,
      );
  return [...here, ...inner.flatMap(([at, value]) => pathsIn(value, wanted, at))];
}
