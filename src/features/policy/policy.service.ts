import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { CHANNELS_LIST } from '../../channels/channels.module.ts';
import type { Channel } from '../../channels/channel.ts';
import type { MessagePolicy } from '../../core/messages/policy.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { Capacity } from '../capacity/index.ts';
import { MessagePolicies } from '../messages/index.ts';
import { changedPolicy, type InputProblem, type MessagePolicyInput } from './policy-input.ts';

/** A policy, and whether all reminders that wait to be sent follow it. */
export interface StandingPolicy {
  readonly policy: MessagePolicy;
  readonly isSettled: boolean;
}

export interface InvalidMessagePolicy {
  readonly code: 'INVALID_MESSAGE_POLICY';
  readonly problems: readonly InputProblem[];
}

/** The policy of messages, read and changed by headquarters. */
@Injectable()
export class Policy {
  private readonly channels: ReadonlyMap<string, { readonly hasReceipts: boolean }>;

  constructor(
    private readonly db: DataSource,
    private readonly policies: MessagePolicies,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
    @Inject(CHANNELS_LIST) channels: readonly Channel[],
  ) {
    this.channels = new Map(
      channels.map(({ descriptor: { name, capabilities } }) => [
        name,
        { hasReceipts: capabilities.receipts === 'push' },
      ]),
    );
  }

  async standing(): Promise<StandingPolicy> {
    return this.policies.standing();
  }

  /** Waits for changes of orders under way; those that come after go by the new policy. */
  async change(input: MessagePolicyInput): Promise<Result<StandingPolicy, InvalidMessagePolicy>> {
    const { stores } = (await this.capacity.world()).network;
    const names = { stores, channels: this.channels };
    return this.db.transaction(async (tx) => {
      const before = await this.policies.locked(tx);
      const { policy, problems } = changedPolicy(before, input, names);
      if (problems.length > 0) return refuse({ code: 'INVALID_MESSAGE_POLICY', problems });
      await this.policies.replace(tx, policy, this.clock.now());
      return ok({ policy, isSettled: false });
    });
  }
}
