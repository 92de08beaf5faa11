import type { DataSource, EntityManager } from 'typeorm';

type Work = (tx: EntityManager) => Promise<unknown>;

class PowerCut extends Error {}

/** What becomes of a transaction whose work is done. */
export type Outage = 'answer, then power cut' | 'power cut, then no answer';

/**
 * Makes transactions of a service end in a power cut when `strikes` says so: the database forgets them.
 * A sound service has then not answered. One that answers before it commits has.
 */
export function plantOutages(db: DataSource, outage: Outage, strikes: () => boolean): void {
  const honest = db.transaction.bind(db) as (work: Work) => Promise<unknown>;
  const transaction = async (work: Work): Promise<unknown> => {
    if (!strikes()) return honest(work);
    let answer: unknown;
    const cut = honest(async (tx) => {
      answer = await work(tx);
      throw new PowerCut('the power is out');
    });
    if (outage === 'power cut, then no answer') return cut;
    await cut.catch((fault: unknown) => {
      if (!(fault instanceof PowerCut)) throw fault;
    });
    return answer;
  };
  Object.assign(db, { transaction });
}
