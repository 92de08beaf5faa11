import { Injectable, Logger } from '@nestjs/common';

import { sheetDue, type SheetTimes } from '../../core/board/sheet-times.ts';
import type { Network } from '../../core/network/network.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { Accounts } from '../accounts/index.ts';
import { Capacity } from '../capacity/index.ts';
import { MessagePolicies } from '../messages/index.ts';
import { DayBoards } from './day-boards.service.ts';
import { sheetAccounts } from './sheet-accounts.ts';
import { sheetKey, SheetRecords, type SheetRecord } from './sheet-records.ts';
import { sheetText } from './sheet-words.ts';

interface DueSheet {
  readonly storeCode: string;
  readonly times: SheetTimes;
}

/**
 * The sheet that each store's staff get when it opens, by its own zone and hours: made once for a store
 * and date, whoever is first. One that was not made at opening is made until the store closes.
 */
@Injectable()
export class DaySheets {
  private readonly log = new Logger('board');
  /** Of those that are due now, which are known to be made: asked once in each process. */
  private made: ReadonlySet<string> = new Set();

  constructor(
    private readonly records: SheetRecords,
    private readonly boards: DayBoards,
    private readonly accounts: Accounts,
    private readonly policies: MessagePolicies,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
  ) {}

  find(storeCode: string, date: LocalDate): Promise<SheetRecord | null> {
    return this.records.find(storeCode, date);
  }

  /** Makes the sheets that are due. @returns how many */
  async makeDue(): Promise<number> {
    const { network, now } = await this.capacity.world();
    const due = sheetsDue(network, now);
    const asked = due.filter((sheet) => !this.made.has(keyOf(sheet)));
    if (asked.length === 0) return 0;
    const keys = asked.map(({ storeCode, times }) => ({ storeCode, date: times.date }));
    const found = await this.records.made(keys);
    const failed = new Set<string>();
    let count = 0;
    for (const sheet of asked.filter((one) => !found.has(keyOf(one)))) {
      try {
        if (await this.make(sheet, network.version)) count += 1;
      } catch (fault) {
        // One store must not keep the others from theirs; the next run tries again.
        this.log.error(fault, `day sheet of ${keyOf(sheet)}`);
        failed.add(keyOf(sheet));
      }
    }
    this.made = new Set(due.map(keyOf).filter((key) => !failed.has(key)));
    return count;
  }

  /** Deletes sheets made before. @returns how many */
  forget(before: EpochMs): Promise<number> {
    return this.records.forget(before);
  }

  private async make({ storeCode, times }: DueSheet, chainVersion: number): Promise<boolean> {
    const board = await this.boards.of(storeCode, times.date);
    if (board === null) return false;
    const { locale } = await this.policies.at(chainVersion);
    const accounts = sheetAccounts(await this.accounts.enabled(), storeCode);
    const text = sheetText(board, locale);
    return this.records.make(storeCode, times, text, accounts, this.clock.now());
  }
}

const keyOf = ({ storeCode, times }: DueSheet): string => sheetKey(storeCode, times.date);

function sheetsDue({ stores }: Network, now: EpochMs): readonly DueSheet[] {
  return [...stores.values()].flatMap((store) => {
    const times = sheetDue(store, now);
    return times === null ? [] : [{ storeCode: store.code, times }];
  });
}
