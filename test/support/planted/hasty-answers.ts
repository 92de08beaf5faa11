import type { DataSource } from 'typeorm';

import type { Querying } from '../../../src/platform/database/statement.ts';

class PowerCut extends Error {}

/** What becomes of a transaction whose work is done. */
export type Outage = 'answer, then power cut' | 'power cut, then no answer';

/**
 * Makes transactions of a service end in a power cut when `strikes` says so: the database forgets them.
 * A sound service has then not answered. One that answers before it commits has.
 */
export function plantOutages(db: DataSource, outage: Outage, strikes: () => boolean): void {
  const honest = db.createQueryRunner.bind(db);
  db.createQueryRunner = (...given) => {
    const runner = honest(...given);
    if (!strikes()) return runner;
    const connect = runner.connect.bind(runner) as () => Promise<Querying>;
    return Object.assign(runner, {
      connect: async () => struck(await connect(), outage),
    });
  };
}

/** The same connection, but for what becomes of a commit. */
function struck(connection: Querying, outage: Outage): Querying {
  return new Proxy(connection, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'query') return value.bind(target) as unknown;
      return async (asked: Parameters<Querying['query']>[0], values?: unknown) => {
        if (asked !== 'COMMIT') return Reflect.apply(value, target, [asked, values]) as unknown;
        const undone = (await Reflect.apply(value, target, ['ROLLBACK'])) as object;
        if (outage === 'power cut, then no answer') throw new PowerCut('the power is out');
        return { ...undone, command: 'COMMIT' };
      };
    },
  });
}
