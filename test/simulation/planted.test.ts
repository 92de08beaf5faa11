import { describe, expect, test } from 'vitest';

import { reportOf } from './report.ts';
import { Simulation } from './simulation.ts';
import type { Flaw } from './tally.ts';
import { HABITS, SMALL, SUNNY, type Habits } from './terms.ts';

interface Mistake {
  readonly what: string;
  readonly flaw: Flaw['code'];
  /** What is done to the database of the service before the first day. */
  readonly plant: string;
  readonly habits?: Partial<Habits>;
  /** Of a store in a day; few if left out. */
  readonly bookings?: number;
}

/** On a machine that has much else to do. */
const LONGEST_MS = 180_000;

/** A trigger before each row that runs `body`. */
const trigger = (table: string, on: 'INSERT' | 'UPDATE', body: string): string => `
  CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $planted$
  BEGIN ${body} RETURN NEW; END $planted$;
  CREATE TRIGGER planted BEFORE ${on} ON ${table} FOR EACH ROW EXECUTE FUNCTION planted();`;

/** A scanner was offline. */
const CAME_LATE = (scan: string): string =>
  `(${scan}.received_at > ${scan}.at + interval '4 minutes')`;

const MISTAKES: readonly Mistake[] = [
  {
    what: 'the ledger gives back more than was taken',
    flaw: 'LEDGER',
    plant: trigger(
      'ledger',
      'UPDATE',
      `IF NEW.taken < OLD.taken THEN NEW.taken := greatest(0, NEW.taken - 1); END IF;`,
    ),
    habits: { cancels: 0.5 },
  },
  {
    what: 'a pair that was put away is taken to be on another shelf',
    flaw: 'PAIR_ELSEWHERE',
    plant: trigger(
      'pair',
      'UPDATE',
      `IF NEW.place = 'STORE' THEN NEW.place_code := 'S0001'; END IF;`,
    ),
  },
  {
    what: 'nothing is planned again',
    flaw: 'SILENTLY_LATE',
    plant: trigger('replan', 'INSERT', 'RETURN NULL;'),
    habits: { lateVans: 0.9, cancelledVans: 0.3 },
  },
  {
    what: 'nobody is called who is told too late',
    flaw: 'NOT_CALLED',
    plant: trigger('staff_task', 'INSERT', 'RETURN NULL;'),
    habits: { lateVans: 0.9, cancelledVans: 0.2 },
  },
  {
    what: 'staff are told to call only when the pick-up is over',
    flaw: 'NOT_CALLED',
    plant: trigger('staff_task', 'INSERT', `NEW.created_at := NEW.created_at + interval '2 days';`),
    habits: { lateVans: 0.9, cancelledVans: 0.2 },
  },
  {
    what: 'scans that come late count for nothing',
    flaw: 'PAIR_ELSEWHERE',
    plant: trigger('scan', 'INSERT', `IF ${CAME_LATE('NEW')} THEN RETURN NULL; END IF;`),
    habits: { offline: 0.5 },
  },
  {
    what: 'pairs that were scanned by an offline scanner once are taken to ride elsewhere',
    flaw: 'DISCREPANCY',
    plant: trigger(
      'scan',
      'INSERT',
      `IF NEW.kind = 'LOADED' AND NOT ${CAME_LATE('NEW')} AND EXISTS (
         SELECT FROM scan s WHERE s.pair_id = NEW.pair_id AND ${CAME_LATE('s')}
       ) THEN NEW.to_code := 'S0001'; END IF;`,
    ),
    habits: { offline: 0.3 },
    // A pair must be seen late, ride on, and be seen in time at both ends of that.
    bookings: 20,
  },
  {
    what: 'who was put aside is due later than before',
    flaw: 'OUT_OF_TURN',
    plant: trigger(
      'queue_entry',
      'UPDATE',
      `IF OLD.state = 'HELD' THEN NEW.due_at := NEW.due_at + interval '1 minute'; END IF;`,
    ),
    habits: { holds: 0.5 },
  },
  {
    what: 'a message counts as sent that was not',
    flaw: 'NOT_SENT',
    plant: trigger(
      'message',
      'INSERT',
      `IF NEW.kind = 'RECEIPT' THEN NEW.state := 'DONE'; END IF;`,
    ),
  },
  {
    what: 'a message is owed twice',
    flaw: 'SENT_TWICE',
    plant: trigger(
      'message',
      'INSERT',
      `IF NEW.kind = 'RECEIPT' AND NEW.occasion NOT LIKE '%again' THEN
         INSERT INTO message
         SELECT gen_random_uuid(), NEW.order_id, NEW.kind, NEW.occasion || 'again', NEW.order_version,
                NEW.state, NEW.reason, NEW.planned_at, NEW.due_at, NEW.useful_until, NEW.step,
                NEW.owed_at, NEW.ended_at, NEW.passed_over;
       END IF;`,
    ),
  },
  {
    what: 'a request that is sent again counts again',
    flaw: 'ANSWERED_OTHERWISE',
    plant: trigger('request_key', 'INSERT', `NEW.key := gen_random_uuid()::text;`),
    habits: { repeats: 0.5 },
  },
  {
    what: 'scans at a workshop are not kept',
    flaw: 'REQUEST_FAILED',
    plant: trigger(
      'scan',
      'INSERT',
      `IF NEW.kind = 'WORK_FINISHED' THEN RAISE EXCEPTION 'planted'; END IF;`,
    ),
  },
];

describe('the simulation finds', () => {
  test.each(MISTAKES)(
    'that $what',
    async ({ flaw, plant, habits, bookings = SMALL.bookings }) => {
      const terms = {
        ...SMALL,
        ...{ stores: 3, days: 1, lastDays: 2, bookings },
        habits: { ...SUNNY, ...(habits ?? {}) },
      };
      const simulation = await Simulation.start(terms);
      try {
        await simulation.service.rows(plant);
        const isFound = ({ flaws }: { flaws: readonly Flaw[] }) =>
          flaws.some(({ code }) => code === flaw);
        await simulation.run(undefined, isFound);
        expect(simulation.tally.flaws.map(({ code }) => code)).toContain(flaw);
      } finally {
        await simulation.stop();
      }
    },
    LONGEST_MS,
  );

  test(
    'nothing where nothing is wrong, and the same again',
    async () => {
      const habits = { ...SUNNY, ...ORDINARY };
      const terms = { ...SMALL, stores: 3, days: 1, lastDays: 0, habits };
      const reports: string[] = [];
      for (let run = 0; run < 2; run++) {
        const simulation = await Simulation.start(terms);
        try {
          expect(await simulation.run()).toEqual([]);
          reports.push(reportOf(simulation.ground));
        } finally {
          await simulation.stop();
        }
      }
      expect(reports[1]).toBe(reports[0]);
    },
    LONGEST_MS,
  );
});

const ORDINARY: Partial<Habits> = { cancels: HABITS.cancels, lateVans: 0.9, walkIns: 0.5 };
