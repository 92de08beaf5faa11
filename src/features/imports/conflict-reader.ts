import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { VisitKind } from '../../core/counter/remaining.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { claimsFrom, type ClaimRow } from '../capacity/index.ts';
import type { Affected } from './affected.ts';
import type { BookedVisit, BookedWay } from './conflicts.ts';

interface VisitRow {
  readonly id: string;
  readonly order_id: string;
  readonly kind: VisitKind;
  readonly store_code: string;
  readonly starts_at: Date;
  readonly pairs: number;
}

interface WayRow extends ClaimRow {
  readonly order_id: string;
  readonly pick_up_id: string;
}

/** Reads what was booked of the parts that an import changes, oldest booking first. */
@Injectable()
export class ConflictReader {
  /** No slot is as long as two days, so the index of starts finds those that are not over. */
  async visits(
    tx: EntityManager,
    { storeCodes }: Affected,
    now: EpochMs,
  ): Promise<readonly BookedVisit[]> {
    const rows = await tx.query<VisitRow[]>(
      `SELECT a.id, a.order_id, a.kind, a.store_code, a.starts_at,
              (SELECT sum(pairs)::int FROM order_item i WHERE i.order_id = a.order_id) AS pairs
         FROM appointment a JOIN customer_order o ON o.id = a.order_id
        WHERE a.store_code = ANY ($1) AND a.starts_at > $2::timestamptz - interval '2 days'
          AND a.ends_at > $2 AND a.status IN ('BOOKED', 'CHECKED_IN')
        ORDER BY o.created_at, o.id, a.kind`,
      [storeCodes, new Date(now)],
    );
    return rows.map((row) => ({
      id: row.id,
      orderId: row.order_id,
      kind: row.kind,
      storeCode: row.store_code,
      start: row.starts_at.getTime(),
      pairs: row.pairs,
    }));
  }

  async ways(
    tx: EntityManager,
    { resources }: Affected,
    now: EpochMs,
  ): Promise<readonly BookedWay[]> {
    const rows = await tx.query<WayRow[]>(
      `SELECT o.id AS order_id, a.id AS pick_up_id, c.resources, c.starts, c.amounts
         FROM claim c JOIN customer_order o ON o.id = c.owner_id
         JOIN appointment a ON a.order_id = o.id AND a.kind = 'PICK_UP'
        WHERE c.resources && $1::text[] AND a.ends_at > $2 AND o.status <> 'CANCELLED'
        ORDER BY o.created_at, o.id`,
      [resources, new Date(now)],
    );
    return rows.map((row) => ({
      orderId: row.order_id,
      pickUpId: row.pick_up_id,
      claims: claimsFrom(row),
    }));
  }
}
