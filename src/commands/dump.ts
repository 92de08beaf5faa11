import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

import { createLogger } from '../platform/logging/logger.ts';
import { migrate } from '../platform/database/data-source.ts';
import { dumpSchema } from '../platform/database/dump-schema.ts';
import { startEmbeddedPostgres } from '../platform/database/embedded/embedded-postgres.ts';
import { PROJECT_ROOT } from '../platform/project-root.ts';

/** Writes schema/database.sql from a database of its own that is migrated from nothing. */
const dataDir = mkdtempSync(join(tmpdir(), 'welt-dump-'));
chmodSync(dataDir, 0o711);
const server = await startEmbeddedPostgres({
  dataDir,
  address: 'npm run dump',
  log: createLogger({ LOG_LEVEL: 'warn', NODE_ENV: 'development' }, process.stderr),
  settings: { fsync: 'off' },
  ephemeral: true,
});
try {
  await migrate(server.url);
  const client = new pg.Client(server.url);
  await client.connect();
  writeFileSync(join(PROJECT_ROOT, 'schema', 'database.sql'), await dumpSchema(client));
  await client.end();
} finally {
  await server.stop();
}
