import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId, validate as isUuid } from 'uuid';

import { refuse, ok, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { checkPage, startAfter, type PageRequest } from '../../platform/graphql/page.ts';
import { storesOf, type StoreCaller } from './message-records.ts';

export type StaffTaskKind = 'CALL_CUSTOMER' | 'REPLAN_NEEDED' | 'ANSWER_QUESTION';

/** Something that staff of a store have to do. */
export interface StaffTask {
  readonly id: string;
  readonly kind: StaffTaskKind;
  readonly storeCode: string;
  readonly orderId: string;
  readonly reason: string;
  readonly createdAt: Date;
  readonly doneAt: Date | null;
}

/** A task that comes up; the same of one order, kind and cause comes up once. */
export interface NewTask {
  readonly kind: StaffTaskKind;
  readonly storeCode: string;
  readonly orderId: string;
  readonly cause: string;
  /** In words that never change. */
  readonly reason: string;
}

export interface UnknownTask {
  readonly code: 'UNKNOWN_TASK';
}

const MOST_AT_ONCE = 100;

/** What is left for staff to do. */
@Injectable()
export class StaffTasks {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  open(storeCode: string, page: PageRequest): Promise<readonly StaffTask[]> {
    checkPage(page, MOST_AT_ONCE);
    return run<StaffTask>(this.db, OPEN, [storeCode, startAfter(page), page.first]);
  }

  /** In the transaction of what makes it needed. */
  async raise(tx: EntityManager, tasks: readonly NewTask[], now: EpochMs): Promise<void> {
    if (tasks.length === 0) return;
    const rows = tasks.map((task) => ({ ...task, id: newId() }));
    await run(tx, RAISE, [JSON.stringify(rows), new Date(now)]);
  }

  /** The first to say so is the one who has done it. */
  async complete(id: string, caller: StoreCaller): Promise<Result<StaffTask, UnknownTask>> {
    if (!isUuid(id)) return refuse({ code: 'UNKNOWN_TASK' });
    const now = new Date(this.clock.now());
    const [task] = await run<StaffTask>(this.db, COMPLETE, [id, storesOf(caller), now, caller.id]);
    return task === undefined ? refuse({ code: 'UNKNOWN_TASK' }) : ok(task);
  }
}

const COLUMNS = `id, kind, store_code AS "storeCode", order_id AS "orderId", reason,
  created_at AS "createdAt", done_at AS "doneAt"`;

const OPEN = {
  name: 'staff-tasks-open',
  text: `SELECT ${COLUMNS} FROM staff_task
          WHERE store_code = $1 AND done_at IS NULL AND ($2::uuid IS NULL OR id > $2)
          ORDER BY id LIMIT $3`,
};

const RAISE = {
  name: 'staff-tasks-raise',
  text: `INSERT INTO staff_task (id, store_code, kind, order_id, cause, reason, created_at)
         SELECT id, "storeCode", kind, "orderId", cause, reason, $2
           FROM jsonb_to_recordset($1::jsonb) AS given
                (id uuid, "storeCode" text, kind text, "orderId" uuid, cause text, reason text)
         ON CONFLICT ON CONSTRAINT uq_staff_task_cause DO NOTHING`,
};

const COMPLETE = {
  name: 'staff-task-complete',
  text: `UPDATE staff_task SET done_at = coalesce(done_at, $3), done_by = coalesce(done_by, $4)
          WHERE id = $1 AND ($2::text[] IS NULL OR store_code = ANY ($2))
      RETURNING ${COLUMNS}`,
};
