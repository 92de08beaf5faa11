import { Injectable, Logger } from '@nestjs/common';

import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { DecideFinding } from './decide-finding.service.ts';
import { FindingStore } from './finding-store.ts';
import { HouseRules } from './house-rules.ts';
import { RemindOfFinding } from './remind-of-finding.service.ts';

/** Read at once; a run goes on to the last. */
const AT_ONCE = 50;

/**
 * Reminds customers of findings, and lets the house rules decide on those that nobody decided on. Works on
 * what is due in the database; of several processes, and of a customer at the same moment, one comes first.
 */
@Injectable()
export class OverdueFindings {
  private readonly log = new Logger('findings');

  constructor(
    private readonly store: FindingStore,
    private readonly rules: HouseRules,
    private readonly decisions: DecideFinding,
    private readonly reminders: RemindOfFinding,
    private readonly clock: Clock,
  ) {}

  /** All that are due, whatever becomes of one of them. @returns how many were decided or reminded of */
  async run(): Promise<number> {
    const now = this.clock.now();
    const decided = await this.each('DECIDE', now, (id) => this.decideByDefault(id));
    const reminded = await this.each('REMIND', now, (id) => this.reminders.run(id));
    return decided + reminded;
  }

  private async each(
    what: 'DECIDE' | 'REMIND',
    now: EpochMs,
    handle: (findingId: string) => Promise<boolean>,
  ): Promise<number> {
    let handled = 0;
    let last: string | null = null;
    for (;;) {
      const due = await this.store.due(what, now, last, AT_ONCE);
      for (const { id } of due) if (await this.tryOne(id, handle)) handled += 1;
      if (due.length < AT_ONCE) return handled;
      last = due.at(-1)!.id;
    }
  }

  /** What fails stays due, and is tried again with the next run. */
  private async tryOne(
    findingId: string,
    handle: (findingId: string) => Promise<boolean>,
  ): Promise<boolean> {
    try {
      return await handle(findingId);
    } catch (fault) {
      this.log.error(fault, `finding ${findingId} is due`);
      return false;
    }
  }

  private async decideByDefault(findingId: string): Promise<boolean> {
    const { findingDefault: decision } = await this.rules.standing();
    const requestKey = `finding-default:${findingId}`;
    const request = { requestKey, findingId, decision, question: null };
    return (await this.decisions.run(request, { as: 'DEFAULT' })).ok;
  }
}
