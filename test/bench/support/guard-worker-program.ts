import { Guard } from '../../../src/features/guard/index.ts';
import { silentService } from './silent-service.ts';

/** What the worker was asked to do took so long. */
export interface GuardRun {
  readonly handled: number;
  readonly ms: number;
}

/** Plans again all that is due whenever it is told to. Its argument is the URL of the database. */
async function main(databaseUrl: string): Promise<void> {
  const app = await silentService(databaseUrl);
  const guard = app.get(Guard, { strict: false });
  process.on('message', () => {
    const begin = performance.now();
    void guard.run().then((handled) => {
      process.send!({ handled, ms: performance.now() - begin } satisfies GuardRun);
    });
  });
  process.on('disconnect', () => process.exit());
  process.send!('ready');
}

await main(process.argv[2]!);
