import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { movePickUp, pickUpFilled } from '../../core/guard/move-pick-up.ts';
import type { OrderNow } from '../../core/guard/planned-way.ts';
import type { OrderData, SlotChoice } from '../../core/orders/order.ts';
import type {
  ProposalRefusal,
  RequestKeyReused,
  VersionConflict,
} from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { run } from '../../platform/database/statement.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Goods } from '../goods/index.ts';
import {
  LimitOverrides,
  OrderChange,
  overridingOf,
  type OrderStep,
  type OrderWithClaims,
} from '../orders/index.ts';
import { GoneVans } from './gone-vans.ts';

/** A pick-up that is to be in another slot. */
export interface PickUpMove {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  /** Name of the operation and its input: what makes two requests the same. */
  readonly operation: string;
  readonly content: object;
  readonly to: SlotChoice;
  /** Why the slot may be taken over its limits; without it it may not. */
  readonly overLimit?: { readonly reason: string } | null;
  /** null: whichever it has. */
  readonly expectedVersion: number | null;
  /** The order, if the caller may see it. */
  find(): Promise<OrderWithClaims | null>;
}

interface Found extends OrderNow {
  /** The customer has checked in for the pick-up, and has not left the line since. */
  readonly isInLine: boolean;
  /** It is another order than the version that the caller saw. */
  readonly isChanged: boolean;
}

/** It is booked so already: nothing is written, and the order is the answer. */
interface Unchanged {
  readonly code: 'UNCHANGED';
  readonly order: OrderData;
}

export type PickUpRefusal = ProposalRefusal | VersionConflict;

/** Moves the pick-up of an order, from where its goods are. */
@Injectable()
export class MovePickUp {
  constructor(
    private readonly change: OrderChange,
    private readonly goods: Goods,
    private readonly db: DataSource,
    private readonly overrides: LimitOverrides,
    private readonly vans: GoneVans,
  ) {}

  async run(move: PickUpMove): Promise<Result<OrderData, PickUpRefusal | RequestKeyReused>> {
    const { caller, requestKey, operation, content } = move;
    const moved = await this.change.run<PickUpRefusal | Unchanged, Found | null>({
      caller,
      requestKey,
      operation,
      content,
      read: () => this.read(move),
      decide: (world, found) => this.decide(world, move, found),
      whenFull: (world, bucket, found) => pickUpFilled(world, found!, move.to, bucket.start),
    });
    if (moved.ok) return moved;
    const { error } = moved;
    return error.code === 'UNCHANGED' ? ok(error.order) : refuse(error);
  }

  private async read(move: PickUpMove): Promise<Found | null> {
    const found = await move.find();
    if (found === null) return null;
    const { id, pickUp } = found.order;
    const pairs = await this.goods.ofOrders([id]);
    const gone = await this.vans.of([id]);
    const isInLine =
      pickUp.status === 'CHECKED_IN' && (await run(this.db, IN_LINE, [pickUp.id])).length > 0;
    const isChanged = await this.isChangedSince(found.order, move.expectedVersion);
    return { ...found, pairs: pairs.get(id) ?? [], gone, isInLine, isChanged };
  }

  /** A place on the shelf that was kept for another night is nothing that anybody sees. */
  private async isChangedSince(
    { id, version }: OrderData,
    seenVersion: number | null,
  ): Promise<boolean> {
    if (seenVersion === null || seenVersion === version) return false;
    if (seenVersion > version) return true;
    return (await run(this.db, CHANGED_SINCE, [id, seenVersion])).length > 0;
  }

  private decide(
    world: World,
    { to, overLimit, caller }: PickUpMove,
    found: Found | null,
  ): Result<OrderStep, PickUpRefusal | Unchanged> {
    if (found === null) return refuse({ code: 'WRONG_STATUS' });
    const { version: currentVersion } = found.order;
    if (found.isChanged) return refuse({ code: 'VERSION_CONFLICT', currentVersion });
    if (!canMovePickUp(found)) return refuse({ code: 'WRONG_STATUS' });
    if (isBookedSo(world, found.order, to)) {
      return refuse({ code: 'UNCHANGED', order: found.order });
    }
    const moved = movePickUp(world, found, to, overLimit != null);
    if (!moved.ok) return moved;
    const { order: after, claims, isOverLimit } = moved.value;
    const gone = { overLimit: isOverLimit ? (['PICK_UP'] as const) : [] };
    const overriding = overridingOf(overLimit, gone, caller.id, world.now);
    const step = { before: found, after, claims };
    if (overriding === null) return ok({ ...step, event: { kind: 'MOVED' } });
    const event = { kind: 'MOVED', details: { overLimit: overriding } } as const;
    return ok({ ...step, event, also: (tx) => this.overrides.log(tx, after, overriding) });
  }
}

/** To this very slot, which is still to come, with nothing left for the customer to choose. */
function isBookedSo({ now }: World, { pickUp, promise }: OrderData, to: SlotChoice): boolean {
  const { storeCode, start, status } = pickUp;
  if (status !== 'BOOKED' || promise.choice !== undefined) return false;
  return storeCode === to.storeCode && start === to.start && start > now;
}

/** Not while the customer waits for it, unless there is something else for them to choose; nor before goods that were not handed in are booked again. */
function canMovePickUp({ order, isInLine }: Found): boolean {
  const { status, dropOff, pickUp, promise } = order;
  if (status === 'CANCELLED' || status === 'COLLECTED') return false;
  if (status === 'BOOKED' && dropOff.status === 'NO_SHOW') return false;
  if (pickUp.status === 'CHECKED_IN') return !isInLine || promise.choice?.visit === 'PICK_UP';
  return pickUp.status === 'BOOKED' || pickUp.status === 'NO_SHOW';
}

const CHANGED_SINCE = {
  name: 'pick-up-changed-since',
  text: `SELECT 1 AS found FROM event
          WHERE order_id = $1 AND version > $2 AND kind <> 'STAYED' LIMIT 1`,
};

const IN_LINE = {
  name: 'pick-up-in-line',
  text: `SELECT 1 AS found FROM queue_entry
          WHERE appointment_id = $1 AND state NOT IN ('FINISHED', 'LEFT') LIMIT 1`,
};
