import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';

const ROOT = join(import.meta.dirname, '..');

/**
 * Has each test file run as the build made it, by Node itself: as the service does, and with modules that
 * are loaded once for all files of a worker.
 */
const asBuilt = {
  name: 'as-built',
  enforce: 'pre',
  load(id) {
    const [file] = id.split('?');
    if (!file.endsWith('.test.ts')) return null;
    const built = join(ROOT, '.build', relative(ROOT, file)).replace(/\.ts$/, '.js');
    return { code: `import ${JSON.stringify(built)};`, map: null };
  },
};

export default defineConfig({
  root: ROOT,
  plugins: [asBuilt],
  oxc: false,
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    // For two cores: some tests wait for the processes that they start.
    maxWorkers: 3,
    execArgv: ['--enable-source-maps'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { external: [/\/\.build\//] } },
    globalSetup: ['test/support/start-postgres.mjs'],
    reporters: ['default', join(ROOT, '.config', 'summary-reporter.mjs')],
  },
});
