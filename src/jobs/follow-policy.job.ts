import { Injectable } from '@nestjs/common';

import { FollowPolicy } from '../features/policy/index.ts';
import type { Job } from './job.ts';

/** After a change of the policy of messages: plans what waits to be sent anew. */
@Injectable()
export class FollowPolicyJob implements Job {
  readonly name = 'follow-policy';
  readonly everySeconds = 3;

  constructor(private readonly policy: FollowPolicy) {}

  run(): Promise<number> {
    return this.policy.run();
  }
}
