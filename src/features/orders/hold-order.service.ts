import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';

import type { PromiseData } from '../../core/orders/order.ts';
import { filledMeanwhile, propose, type Proposal } from '../../core/orders/propose.ts';
import type { ProposalRefusal, RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { CONFIG, type Config } from '../../platform/config/config.ts';
import { wishHash } from './book-order.service.ts';
import type { BookingRequest } from './booking-request.ts';
import { Changes, type Decision } from './changes.ts';
import { Holds, type HeldProposal } from './holds.ts';
import { contentHash } from './request-keys.ts';

/** The answer to a hold. */
export interface HeldOrder {
  readonly id: string;
  readonly pickUpStoreCode: string;
  readonly promise: PromiseData;
  expiresAt: EpochMs;
}

/** Keeps all that a booking would take, for a few minutes. */
@Injectable()
export class HoldOrder {
  constructor(
    private readonly changes: Changes,
    private readonly holds: Holds,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async run(
    booking: BookingRequest,
  ): Promise<Result<HeldOrder, ProposalRefusal | RequestKeyReused>> {
    const { requestKey, caller, ...content } = booking;
    return this.changes.run<HeldOrder, ProposalRefusal, null>({
      request: {
        caller: caller.id,
        key: requestKey,
        contentHash: contentHash('holdOrder', content),
      },
      read: () => Promise.resolve(null),
      decide: (world) => this.decide(world, booking),
      replay: (holdId) => this.madeBefore(holdId),
    });
  }

  private decide(
    world: World,
    booking: BookingRequest,
  ): Result<Decision<HeldOrder, ProposalRefusal>, ProposalRefusal> {
    const proposed = propose(world, booking);
    if (!proposed.ok) return proposed;
    const chainVersion = world.network.version;
    return ok(this.decision(booking, { ...proposed.value, chainVersion }));
  }

  private decision(
    booking: BookingRequest,
    proposal: HeldProposal,
  ): Decision<HeldOrder, ProposalRefusal> {
    const id = newId();
    const answer = heldOrder(id, proposal, 0);
    const caller = booking.caller.id;
    return {
      answerId: id,
      answer,
      taking: { ownerId: id, before: [], after: proposal.claims },
      changed: null,
      write: async (tx) => {
        const hold = { id, contentHash: wishHash(booking), proposal };
        const made = await this.holds.insert(tx, hold, caller, this.config.HOLD_SECONDS);
        answer.expiresAt = made.expiresAt;
        return made.chainVersion;
      },
      whenFull: (later, bucket) => filledMeanwhile(later, booking, bucket),
    };
  }

  private async madeBefore(holdId: string): Promise<HeldOrder> {
    const { proposal, expiresAt } = await this.holds.made(holdId);
    return heldOrder(holdId, proposal, expiresAt);
  }
}

function heldOrder(id: string, proposal: Proposal, expiresAt: EpochMs): HeldOrder {
  return {
    id,
    pickUpStoreCode: proposal.pickUp.storeCode,
    promise: proposal.promise,
    expiresAt,
  };
}
