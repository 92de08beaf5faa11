import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { QueueSettings } from '../../core/queue/settings.ts';
import { ok, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { Capacity } from '../capacity/index.ts';
import { LineReader } from './line-reader.ts';
import { changedSettings, type QueueSettingsInput } from './queue-settings.ts';
import { notInLine, type NotInLine } from './refusals.ts';

/** How a store runs its line, and which store it is. */
export interface SettingsOfStore {
  readonly storeCode: string;
  readonly settings: QueueSettings;
}

/** How headquarters want the lines run. */
@Injectable()
export class QueueSettingsDesk {
  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
    private readonly reader: LineReader,
    private readonly clock: Clock,
  ) {}

  /** Null: there is no such store. */
  async of(storeCode: string): Promise<SettingsOfStore | null> {
    if (!(await this.capacity.world()).network.stores.has(storeCode)) return null;
    return { storeCode, settings: await this.reader.settings(storeCode) };
  }

  /** Holds for whoever joins from then on; those in the line keep their due times. */
  async change(input: QueueSettingsInput): Promise<Result<SettingsOfStore, NotInLine>> {
    const { storeCode } = input;
    if (!(await this.capacity.world()).network.stores.has(storeCode)) {
      return notInLine('UNKNOWN_STORE');
    }
    return this.db.transaction(async (tx) => {
      await run(tx, ADD, [storeCode, new Date(this.clock.now())]);
      const settings = changedSettings(await this.reader.settings(storeCode, tx), input);
      await run(tx, SET, [storeCode, JSON.stringify(settings), new Date(this.clock.now())]);
      return ok({ storeCode, settings });
    });
  }
}

/** Locks the row, so that of two changes at once the second begins with what the first left. */
const ADD = {
  name: 'queue-settings-add',
  text: `INSERT INTO queue_settings AS q (store_code, document, updated_at) VALUES ($1, '{}', $2)
         ON CONFLICT (store_code) DO UPDATE SET updated_at = q.updated_at`,
};

const SET = {
  name: 'queue-settings-set',
  text: `UPDATE queue_settings SET document = $2, updated_at = $3 WHERE store_code = $1`,
};
