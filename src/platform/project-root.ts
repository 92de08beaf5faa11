import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The checkout: where package.json, schema/, seeds/ and migrations/ lie, whatever the working directory. */
export const PROJECT_ROOT = above(import.meta.dirname);

function above(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('no package.json above the program');
  return above(parent);
}
