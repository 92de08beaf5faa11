import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { Bucket, Claim, LimitedClaim } from '../../core/claims/claim.ts';
import type { OrderEventKind } from '../../core/orders/events.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, type RefusalData, type Result } from '../../core/result.ts';
import { Changes, type Decision } from './changes.ts';
import { OrderReader, type OrderWithClaims } from './order-reader.ts';
import { OrderWriter } from './order-writer.ts';
import { contentHash } from './request-keys.ts';

/** The next version of an order, with what goes with it. */
export interface OrderStep {
  readonly before: OrderWithClaims;
  readonly after: OrderData;
  /** All that it takes from now on, in normal form. Absent: as before. */
  readonly claims?: readonly LimitedClaim[];
  readonly event: {
    readonly kind: OrderEventKind;
    readonly reason?: string | null;
    /** Belongs to the happening alone; messages about it are told these. */
    readonly details?: object | null;
  };
  /** It would be decided so on every version of the chain. */
  readonly holdsOnAnyChain?: boolean;
  /**
   * What else is written in the transaction, which has locked the order. Answers `stale` when something
   * else that it was decided on is no longer so: it is undone and decided again.
   */
  also?(tx: EntityManager): Promise<unknown>;
}

export interface OrderChangeRequest<No extends RefusalData, Known> {
  /** Who changes it; kept with the event. */
  readonly caller: { readonly id: string };
  readonly requestKey: string;
  /** Name of the operation, and all that makes two requests with one key the same request. */
  readonly operation: string;
  readonly content: object;
  /** What it decides on besides the world. */
  read(): Promise<Known>;
  /** At once, and again when something that it was decided on has changed. */
  decide(world: World, known: Known): Result<OrderStep, No>;
  /** The refusal when what it takes stays full. Absent: it takes nothing that can be full. */
  whenFull?(world: World, bucket: Bucket, known: Known): Result<never, No>;
}

/** Changes one order: once for each request key, on the version that was decided on, with one event. */
@Injectable()
export class OrderChange {
  constructor(
    private readonly changes: Changes,
    private readonly reader: OrderReader,
    private readonly orders: OrderWriter,
  ) {}

  /** @returns the order right after the change, also to a request that comes again */
  async run<No extends RefusalData, Known>(
    request: OrderChangeRequest<No, Known>,
  ): Promise<Result<OrderData, No | RequestKeyReused>> {
    const { caller, requestKey, operation, content } = request;
    return this.changes.run<OrderData, No, Known>({
      request: {
        caller: caller.id,
        key: requestKey,
        contentHash: contentHash(operation, content),
      },
      read: () => request.read(),
      decide: (world, known) => {
        const step = request.decide(world, known);
        return step.ok ? ok(this.decision(world, request, known, step.value)) : step;
      },
      replay: (eventId) => this.reader.afterEvent(eventId),
    });
  }

  private decision<No extends RefusalData, Known>(
    world: World,
    request: OrderChangeRequest<No, Known>,
    known: Known,
    step: OrderStep,
  ): Decision<OrderData, No> {
    const answerId = newId();
    const { before, after, claims = before.claims.map(unlimited) } = step;
    return {
      answerId,
      answer: after,
      taking: { ownerId: after.id, before: before.claims, after: claims },
      changed: after,
      write: async (tx) => {
        const event = { ...step.event, id: answerId, actor: request.caller.id, at: world.now };
        const chain = await this.orders.update(tx, world.network, before.order, after, event);
        if (chain === null) return 'stale';
        if ((await step.also?.(tx)) === 'stale') return 'stale';
        return step.holdsOnAnyChain === true ? 'anyChain' : chain;
      },
      whenFull: (later, bucket) => {
        if (request.whenFull !== undefined) return request.whenFull(later, bucket, known);
        throw new Error(`nothing new was asked of ${bucket.resource}, and it is full`);
      },
    };
  }
}

const unlimited = (claim: Claim): LimitedClaim => ({ ...claim, limit: null });
