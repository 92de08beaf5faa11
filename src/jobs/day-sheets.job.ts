import { Injectable } from '@nestjs/common';

import { DaySheets, SheetSender } from '../features/board/index.ts';
import type { Job } from './job.ts';

/** Makes the day sheets of stores that have opened, and sends what is to be sent of them. */
@Injectable()
export class DaySheetsJob implements Job {
  readonly name = 'day-sheets';
  readonly everySeconds = 15;

  constructor(
    private readonly sheets: DaySheets,
    private readonly sender: SheetSender,
  ) {}

  async run(): Promise<number> {
    return (await this.sheets.makeDue()) + (await this.sender.run());
  }
}
