import { Injectable, Logger } from '@nestjs/common';

import type { OrderNow } from '../../core/guard/planned-way.ts';
import type { World } from '../../core/orders/world.ts';
import { Clock } from '../../platform/clock.ts';
import { isSerializationFault } from '../../platform/database/database-errors.ts';
import { Capacity } from '../capacity/index.ts';
import { failed, GuardWriter, type PlannedTurn } from './guard-writer.ts';
import { OrderSituations } from './order-situations.ts';
import { planBatch } from './plan-batch.ts';
import { ReplanTurns, type Turn } from './replan-turns.ts';

const BATCH = 50;
/** One plans while the database writes what the other has planned. */
const LANES = 2;
/** First try, and as many more on fresh usage when others took what was found free. */
const MOST_TRIES = 3;
/** An order that somebody is just changing is taken up again after so long. */
const SOON_MS = 1_000;

/**
 * Plans orders again whose promise something may have broken. Any number of processes share the work;
 * what one that dies had in hand another takes up.
 */
@Injectable()
export class Guard {
  private readonly log = new Logger('guard');

  constructor(
    private readonly turns: ReplanTurns,
    private readonly situations: OrderSituations,
    private readonly capacity: Capacity,
    private readonly writer: GuardWriter,
    private readonly clock: Clock,
  ) {}

  /** All that is due. @returns how many orders were looked at */
  async run(): Promise<number> {
    const first = await this.take();
    // Mostly there is nothing, or little: that is not worth asking in all lanes.
    if (first.length < BATCH) return this.runLane(first);
    const others = Array.from({ length: LANES - 1 }, async () => this.runLane(await this.take()));
    const handled = await Promise.all([this.runLane(first), ...others]);
    return handled.reduce((sum, many) => sum + many, 0);
  }

  private async runLane(first: readonly Turn[]): Promise<number> {
    let handled = 0;
    for (let turns = first; turns.length > 0; turns = await this.take()) {
      await this.handle(turns);
      handled += turns.length;
    }
    return handled;
  }

  private take(): Promise<readonly Turn[]> {
    return this.turns.take(this.clock.now(), BATCH);
  }

  /** Together; if that fails each alone, so that one order is in nobody's way. */
  private async handle(turns: readonly Turn[]): Promise<void> {
    try {
      if (await this.handleTogether(turns)) return;
    } catch (fault) {
      if (!isSerializationFault(fault)) this.log.error(fault, `${turns.length} orders together`);
    }
    for (const turn of turns) await this.handleAlone(turn);
  }

  private async handleAlone(turn: Turn): Promise<void> {
    try {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        if (await this.handleTogether([turn])) return;
      }
      await this.later([turn]);
    } catch (fault) {
      this.log.error(fault, `order ${turn.orderId}`);
      await this.turns.putBack(null, [failed(turn, this.clock.now())]);
    }
  }

  /** @returns false: nothing was written, as something was full or the chain has changed */
  private async handleTogether(turns: readonly Turn[]): Promise<boolean> {
    const { world, batch } = await this.plan(turns);
    const written = await this.writer.write(world, batch);
    if (written.is !== 'written') return false;
    await this.later(written.left);
    return true;
  }

  private async plan(
    turns: readonly Turn[],
  ): Promise<{ readonly world: World; readonly batch: readonly PlannedTurn[] }> {
    const turnOf = new Map(turns.map((turn) => [turn.orderId, turn]));
    const orders = await this.situations.of([...turnOf.keys()]);
    await this.dropForgotten(turns, orders);
    const world = await this.capacity.world();
    const batch = planBatch(world, orders).map((planned) => {
      if ('fault' in planned) this.log.error(planned.fault, `order ${planned.now.order.id}`);
      return { turn: turnOf.get(planned.now.order.id)!, planned };
    });
    return { world, batch };
  }

  /** What an order took is forgotten long after it is over. */
  private async dropForgotten(turns: readonly Turn[], orders: readonly OrderNow[]): Promise<void> {
    const known = new Set(orders.map(({ order }) => order.id));
    const forgotten = turns.map(({ orderId }) => orderId).filter((id) => !known.has(id));
    if (forgotten.length > 0) await this.turns.finish(null, forgotten);
  }

  private async later(turns: readonly Turn[]): Promise<void> {
    const dueAt = this.clock.now() + SOON_MS;
    await this.turns.putBack(
      null,
      turns.map((turn) => ({ turn, dueAt, tries: turn.tries })),
    );
  }
}
