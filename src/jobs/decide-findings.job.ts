import { Injectable } from '@nestjs/common';

import { OverdueFindings } from '../features/findings/index.ts';
import type { Job } from './job.ts';

/** Reminds customers of findings, and lets the house rules decide when their time is over. */
@Injectable()
export class DecideFindingsJob implements Job {
  readonly name = 'decide-findings';
  readonly everySeconds = 15;

  constructor(private readonly findings: OverdueFindings) {}

  run(): Promise<number> {
    return this.findings.run();
  }
}
