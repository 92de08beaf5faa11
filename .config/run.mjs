/**
 * `node .config/run.mjs commands/token …` runs src/commands/token.ts, after a build if the sources
 * changed. The compiler works in a process of its own, so that its memory is not the service's.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

if (!existsSync(join(import.meta.dirname, '..', 'node_modules'))) {
  process.stderr.write('The packages are missing: run npm ci first.\n');
  process.exit(1);
}
const { staleFiles } = await import('./build.mjs');

const [, , program = 'main', ...args] = process.argv;
const { changed, orphans } = staleFiles();
if (changed.length + orphans.length > 0) {
  const built = spawnSync(process.execPath, [join(import.meta.dirname, 'build.mjs')], {
    stdio: 'inherit',
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const file = join(import.meta.dirname, '..', '.build', 'src', `${program}.js`);
process.argv.splice(1, process.argv.length, file, ...args);
await import(file);
