import { RecordProgress } from '../../../src/features/orders/index.ts';
import { newKey } from '../bookings.ts';
import type { TestService } from '../service.ts';

const HQ = { role: 'hq', id: 'test' } as const;

/** Nobody is in any line, and there is no desk. */
export async function clearLines(service: TestService): Promise<void> {
  await service.rows('TRUNCATE queue_event, queue_entry, queue_number, queue_settings, desk');
}

/** Lets befall the goods of an order what makes them come into our hands and be ready. */
export async function makeReady(
  service: TestService,
  orderId: string,
  kinds: readonly ('RECEIVED' | 'READY')[] = ['RECEIVED', 'READY'],
): Promise<void> {
  const progress = service.app.get(RecordProgress, { strict: false });
  for (const kind of kinds) {
    const done = await progress.run({ caller: HQ, requestKey: newKey(), orderId, kind });
    if (!done.ok) throw new Error(JSON.stringify(done.error));
  }
}

/** What an order has taken, as `resource MM-DD HH:MM` of Shanghai. */
export async function claimsOf(
  service: TestService,
  orderId: string,
): Promise<Record<string, number>> {
  const rows = await service.rows<{ bucket: string; amount: number }>(
    `SELECT resource || ' ' || to_char(start AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') AS bucket,
            amount
       FROM claim, unnest(resources, starts, amounts) AS own (resource, start, amount)
      WHERE owner_id = $1 ORDER BY 1`,
    [orderId],
  );
  return Object.fromEntries(rows.map(({ bucket, amount }) => [bucket, amount]));
}

/** Kinds of the messages that are owed about an order now. */
export async function kindsOwed(
  service: TestService,
  { id }: { readonly id: string },
): Promise<readonly string[]> {
  const rows = await service.rows<{ kind: string }>(
    `SELECT kind FROM message WHERE order_id = $1 AND state = 'OWED' ORDER BY kind`,
    [id],
  );
  return rows.map(({ kind }) => kind);
}
