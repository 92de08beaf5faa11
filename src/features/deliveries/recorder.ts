import { Injectable, Logger } from '@nestjs/common';

import { Clock } from '../../platform/clock.ts';
import { isSerializationFault } from '../../platform/database/database-errors.ts';
import type { DeliveryRecord } from './record.ts';
import { RecordWriter } from './record-writer.ts';

/** Most records of one statement. */
const BATCH = 500;
/** Others lock messages in another order at times. */
const MOST_TRIES = 5;

interface Waiting {
  readonly record: DeliveryRecord;
  readonly done: (isWritten: boolean) => void;
}

/**
 * Gathers what was found out and writes it: whatever is ready while the last statement runs goes into the
 * next one. What cannot be written is left to whoever takes the delivery over when its lease ends.
 */
@Injectable()
export class Recorder {
  /** Writes refused because the delivery had been taken over, since the process started. */
  late = 0;

  private readonly log = new Logger('deliveries');
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(
    private readonly writer: RecordWriter,
    private readonly clock: Clock,
  ) {}

  /** @returns whether it was written */
  record(record: DeliveryRecord): Promise<boolean> {
    return new Promise((done) => {
      this.waiting.push({ record, done });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    // Whatever else is ready at this very moment.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH);
      this.waiting = this.waiting.slice(BATCH);
      const written = await this.write(batch.map(({ record }) => record));
      for (const { record, done } of batch) done(written.has(record.leased.id));
    }
    this.writing = false;
  }

  private async write(records: readonly DeliveryRecord[]): Promise<ReadonlySet<string>> {
    for (let tries = 1; ; tries += 1) {
      try {
        const written = await this.writer.write(records, this.clock.now());
        this.late += records.length - written.size;
        return written;
      } catch (fault) {
        if (isSerializationFault(fault) && tries < MOST_TRIES) continue;
        this.log.error(fault, `${records.length} deliveries not recorded`);
        return new Set();
      }
    }
  }
}
