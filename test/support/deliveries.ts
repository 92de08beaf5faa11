import { randomUUID } from 'node:crypto';

import { aBooking, bookOrder } from './bookings.ts';
import type { TestService } from './service.ts';

/** A delivery as the database has it. */
export interface DeliveryRow {
  readonly id: string;
  readonly status: string;
  readonly engagement: readonly string[];
  readonly reason: string | null;
  readonly is_late: boolean;
  readonly next_at: Date | null;
  readonly ended_at: Date | null;
}

export interface DeliveryParts {
  readonly channel?: string;
  readonly account?: string;
  readonly status?: string;
  readonly addressKey?: string;
  readonly providerRef?: string | null;
  readonly nextAt?: Date | null;
  readonly step?: number;
}

/** A message of an order; the first one books it. */
export async function aMessage(service: TestService, state = 'DONE', step = 0): Promise<string> {
  const [known] = await service.rows('SELECT FROM message LIMIT 1');
  if (known === undefined) await bookOrder(service, aBooking());
  const id = randomUUID();
  const different = { id, occasion: id, kind: 'PROGRESS', state, step, reason: 'TEST' };
  await service.rows(
    `INSERT INTO message SELECT (jsonb_populate_record(m, $1)).* FROM message m LIMIT 1`,
    [JSON.stringify(different)],
  );
  return id;
}

/** What a worker has written of a message that it sent. */
export async function aDelivery(
  service: TestService,
  messageId: string,
  parts: DeliveryParts = {},
): Promise<string> {
  const id = randomUUID();
  const { channel = 'told', account = 'default', status = 'ACCEPTED', addressKey = 'mei' } = parts;
  await service.rows(
    `INSERT INTO delivery (id, message_id, step, channel, account, account_version, way, address,
                           address_key, status, provider_ref, next_at, created_at)
     VALUES ($1, $2, $3, $4, $5, 1, 'text', '{}', $6, $7, $8, $9, now())`,
    [
      ...[id, messageId, parts.step ?? 0, channel, account, addressKey, status],
      ...[parts.providerRef ?? null, parts.nextAt ?? null],
    ],
  );
  return id;
}

export async function readDelivery(service: TestService, id: string): Promise<DeliveryRow> {
  const [row] = await service.rows<DeliveryRow>(
    `SELECT id, status, engagement, reason, is_late, next_at, ended_at FROM delivery WHERE id = $1`,
    [id],
  );
  return row!;
}
