import type { TestService } from '../service.ts';

/** A mistake of what owes and sends messages, made in the database. */
export interface PlantedMistake {
  /** Ends the mistake. */
  readonly undo: () => Promise<void>;
}

/** Does something to each new row of a table, before it is written, where `condition` holds. */
async function before(
  service: TestService,
  event: 'INSERT ON message' | 'UPDATE ON message' | 'INSERT ON event',
  condition: string,
  action: string,
): Promise<PlantedMistake> {
  await service.rows(`CREATE FUNCTION plant() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN ${action} RETURN new; END $$`);
  await service.rows(`CREATE TRIGGER planted BEFORE ${event} FOR EACH ROW WHEN (${condition})
    EXECUTE FUNCTION plant()`);
  return {
    undo: async () => {
      await service.rows(`DROP FUNCTION plant CASCADE`);
    },
  };
}

/** What a change makes untrue stays to be sent. */
async function withdrawNothing(service: TestService): Promise<PlantedMistake> {
  const [row] = await service.rows<{ text: string }>(
    `SELECT pg_get_functiondef('owe_messages'::regproc) AS text`,
  );
  const faulty = row!.text.replace('cardinality(recomputed) > 0', 'false');
  if (faulty === row!.text) throw new Error('owe_messages withdraws in another way');
  await service.rows(faulty);
  return {
    undo: async () => {
      await service.rows(row!.text);
    },
  };
}

export const MISTAKES = {
  withdrawNothing,

  tellsTheCancelled: async (service: TestService): Promise<PlantedMistake> => {
    const kept = await withdrawNothing(service);
    const blind = await before(
      service,
      'INSERT ON event',
      `new.kind = 'CANCELLED'`,
      `new.after := jsonb_set(new.after, '{status}', '"BOOKED"');`,
    );
    return {
      undo: async () => {
        await blind.undo();
        await kept.undo();
      },
    };
  },

  forgets: (service: TestService) =>
    before(service, 'INSERT ON message', `new.kind = 'PICK_UP_DAY'`, 'RETURN NULL;'),

  sendsTwice: (service: TestService) =>
    before(
      service,
      'UPDATE ON message',
      `new.state = 'DONE' AND new.kind = 'RECEIPT' AND new.occasion NOT LIKE 'again%'`,
      `INSERT INTO message
       SELECT (jsonb_populate_record(new, jsonb_build_object('id', gen_random_uuid(),
                'occasion', 'again ' || new.occasion, 'state', 'OWED'))).*;`,
    ),

  isAnHourLate: (service: TestService) =>
    before(
      service,
      'INSERT ON message',
      `new.kind = 'DROP_OFF_REMINDER'`,
      `new.due_at := new.due_at + interval '1 hour';
       new.useful_until := new.useful_until + interval '1 hour';`,
    ),

  remindsOfWhatWillNotBeReady: async (service: TestService): Promise<PlantedMistake> => {
    const kept = await withdrawNothing(service);
    const blind = await before(
      service,
      'INSERT ON event',
      `new.kind = 'REPROMISED'`,
      `new.after := jsonb_set(new.after, '{promise,readyBy}', new.after -> 'pickUp' -> 'start');`,
    );
    return {
      undo: async () => {
        await blind.undo();
        await kept.undo();
      },
    };
  },
} as const;
