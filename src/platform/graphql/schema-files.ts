import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Nearest folder `schema` above this file, so that sources, a build and any working directory agree. */
function schemaFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'schema');
    if (existsSync(join(candidate, 'common.graphql'))) return candidate;
    if (folder === dirname(folder)) throw new Error('no folder schema/ above the program');
  }
}

/**
 * The API's type definitions: all of `schema/*.graphql` in order of file name. One file defines
 * `Query` and one `Mutation`; the others extend them.
 */
export function readSchemaFiles(): string {
  const folder = schemaFolder();
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}
