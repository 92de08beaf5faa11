import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { Grants, type Account } from '../accounts/index.ts';
import { goesAlone, type LeasedDelivery } from './leased-delivery.ts';
import { OpenedWriter, type DecidedMessage, type NewDelivery } from './opened-writer.ts';
import { DeliveryTurns } from './turns.ts';

/** A delivery that is to begin: as it is written, and as whoever sends it has it. */
export interface Begun {
  readonly delivery: NewDelivery;
  readonly leased: Omit<LeasedDelivery, 'heldSinceMs'>;
}

/** What was decided about a message, with the deliveries that follow. */
export interface Decision {
  readonly decided: DecidedMessage;
  readonly begun: readonly Begun[];
}

/**
 * Writes what was decided, as far as the accounts allow: a message that gets no turn stays owed until it
 * has one, a delivery that this process has no room for is left for whoever has.
 */
@Injectable()
export class Openings {
  constructor(
    private readonly turns: DeliveryTurns,
    private readonly grants: Grants,
    private readonly writer: OpenedWriter,
  ) {}

  /** @returns what is leased to this process, and until when the last that got no turn has to wait */
  async write(
    tx: EntityManager,
    decisions: readonly Decision[],
    room: (account: Account) => number,
    now: EpochMs,
  ): Promise<{ readonly leased: readonly Begun['leased'][]; readonly waitUntil: EpochMs }> {
    const waiting = await this.turns.waiting(
      tx,
      decisions.flatMap(({ begun }) => begun.map(({ delivery }) => delivery)),
      now,
    );
    const inTurn = decisions.map((decision) => inTurnOnly(decision, waiting, now));
    const givenBack = decisions.flatMap((decision, index) =>
      decision.begun.length > 0 && inTurn[index]!.begun.length === 0 ? decision.begun : [],
    );
    const left = new Map<Account, number>();
    const begun = inTurn
      .flatMap((decision) => decision.begun)
      .map((one) => fitted(one, room, left, now));
    await this.writer.write(
      tx,
      inTurn.map(({ decided }) => decided),
      begun.map(({ delivery }) => delivery),
      now,
    );
    await this.giveBack(tx, givenBack, now);
    const leased = begun.filter(isLeased).map((one) => one.leased);
    return { leased, waitUntil: Math.max(0, ...waiting.values()) };
  }

  private async giveBack(tx: EntityManager, begun: readonly Begun[], now: EpochMs): Promise<void> {
    const settled = begun.flatMap(({ delivery: { id: deliveryId, grantId } }) =>
      grantId === null ? [] : [{ grantId, deliveryId, end: 'RELEASED' as const }],
    );
    await this.grants.settle(tx, settled, now);
  }
}

/** A message that goes one way waits as a whole; of a broadcast each delivery waits for itself. */
function inTurnOnly(
  decision: Decision,
  waiting: ReadonlyMap<string, EpochMs>,
  now: EpochMs,
): Decision {
  const { decided, begun } = decision;
  const [first] = begun;
  if (first === undefined || waiting.size === 0) return decision;
  if (first.leased.broadcast !== null) {
    return {
      decided,
      begun: begun.map((one) => parked(one, waiting.get(one.delivery.id) ?? null)),
    };
  }
  const until = waiting.get(first.delivery.id);
  if (until === undefined) return decision;
  const dueAt = Math.max(until, now);
  return { decided: { ...decided, state: 'OWED', reason: 'RATE_DEFERRED', dueAt }, begun: [] };
}

const parked = ({ delivery, leased }: Begun, parkedUntil: EpochMs | null): Begun =>
  parkedUntil === null
    ? { delivery, leased }
    : { delivery: { ...delivery, status: 'CREATED', parkedUntil }, leased };

function fitted(
  begun: Begun,
  room: (account: Account) => number,
  left: Map<Account, number>,
  now: EpochMs,
): Begun {
  if (!isLeased(begun)) return begun;
  const { account } = begun.delivery;
  const free = left.get(account) ?? room(account);
  left.set(account, free - 1);
  return free > 0 ? begun : parked(begun, now);
}

const isLeased = ({ delivery }: Begun): boolean => delivery.parkedUntil === null;

/** How a delivery begins: with an attempt that may be made at once, or one that is announced first. */
export const firstStatus = (account: Account): 'CREATED' | 'SENDING' =>
  goesAlone(account) ? 'CREATED' : 'SENDING';
