import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { answering } from './support/ground.ts';
import { measure, type Measure } from './support/measure.ts';

const RUNS = 3;

/** From the start of the process to its first answer, with its own PostgreSQL and the demo chain. */
export async function run(): Promise<readonly Measure[]> {
  const empty: number[] = [];
  const existing: number[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    const directory = mkdtempSync(join(tmpdir(), 'welt-bench-start-'));
    chmodSync(directory, 0o711);
    try {
      empty.push(await secondsToAnswer(directory));
      existing.push(await secondsToAnswer(directory));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return [
    measure('start, empty data directory', 's', empty),
    measure('start, existing data directory', 's', existing),
  ];
}

async function secondsToAnswer(directory: string): Promise<number> {
  const begin = performance.now();
  const service = await answering({ DATA_DIR: directory, DEMO: 'true' });
  const took = (performance.now() - begin) / 1000;
  await service.stop();
  return took;
}
