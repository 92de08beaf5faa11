import { Injectable } from '@nestjs/common';

import { Clock } from '../../platform/clock.ts';
import { DecideFinding } from './decide-finding.service.ts';
import { FindingStore } from './finding-store.ts';
import { HouseRules } from './house-rules.ts';
import { RemindOfFinding } from './remind-of-finding.service.ts';

const AT_ONCE = 50;

/**
 * Reminds customers of findings, and lets the house rules decide on those that nobody decided on. Works on
 * what is due in the database; of several processes, and of a customer at the same moment, one comes first.
 */
@Injectable()
export class OverdueFindings {
  constructor(
    private readonly store: FindingStore,
    private readonly rules: HouseRules,
    private readonly decisions: DecideFinding,
    private readonly reminders: RemindOfFinding,
    private readonly clock: Clock,
  ) {}

  /** @returns how many findings were decided or reminded of; others may follow with the next run */
  async run(): Promise<number> {
    const now = this.clock.now();
    let handled = 0;
    for (const { id } of await this.store.due('DECIDE', now, AT_ONCE)) {
      if (await this.decideByDefault(id)) handled += 1;
    }
    for (const { id } of await this.store.due('REMIND', now, AT_ONCE)) {
      if (await this.reminders.run(id)) handled += 1;
    }
    return handled;
  }

  private async decideByDefault(findingId: string): Promise<boolean> {
    const { findingDefault: decision } = await this.rules.standing();
    const requestKey = `finding-default:${findingId}`;
    const request = { requestKey, findingId, decision, question: null };
    return (await this.decisions.run(request, { as: 'DEFAULT' })).ok;
  }
}
