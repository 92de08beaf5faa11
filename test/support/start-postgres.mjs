/**
 * Runs once before all tests: builds the service and its tests and starts one PostgreSQL for the whole run,
 * on a data directory of its own that goes away with it even if the run is killed.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILD = join(ROOT, '.config', 'build.mjs');

/** Losing the data of a test run with the machine is no loss. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  shared_buffers: '128MB',
  log_min_messages: 'log',
};

export default async function startPostgres() {
  for (const parts of [[], ['test']])
    execFileSync(process.execPath, [BUILD, ...parts], { stdio: 'inherit' });
  const built = join(ROOT, '.build', 'src', 'platform', 'database', 'embedded');
  const { startEmbeddedPostgres } = await import(join(built, 'embedded-postgres.js'));
  const { pino } = await import('pino');
  const dataDir = mkdtempSync(join(tmpdir(), 'welt-test-'));
  chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir,
    address: 'the test run',
    log: pino({ level: 'error' }),
    settings: SETTINGS,
    ephemeral: true,
  });
  process.env.TEST_SERVER_URL = server.url;
  return server.stop;
}
