import type { EpochMs } from '../../src/core/time/time.ts';
import { HOUR, iso, MINUTE, type Ground } from './ground.ts';
import { ORDER_NOW } from './operations.ts';
import type { SimOrder } from './order-book.ts';
import type { OrderSeen } from './people.ts';

const LEAST_NOTICE_MS = 2 * HOUR;
/** What goes wrong later than so long before the pick-up nobody can know before it. */
const BLIND_MS = 22 * MINUTE;

/** What staff would see of an order beside its plan. */
export interface Records {
  /** When tasks of a kind were raised for it. */
  readonly tasks: (orderId: string, kind: string) => Promise<readonly EpochMs[]>;
  /** What happened to it, in words. */
  readonly history: (orderId: string) => Promise<string>;
}

/**
 * Looks at each booked pick-up at its start: the goods are ready, or the customer was told before; if it
 * was less than two hours before, staff had to be told as well to call them, while they still could.
 */
export class PromiseWatch {
  constructor(
    private readonly ground: Ground,
    private readonly records: Records,
  ) {}

  watch(order: SimOrder): void {
    const { plan, pickUp } = order;
    this.ground.agenda.at(pickUp.start, async () => {
      if (order.plan === plan) await this.look(order);
    });
  }

  private async look(order: SimOrder): Promise<void> {
    const { api, tally } = this.ground;
    if (order.state !== 'WITH_US') return;
    const { order: now } = await api.read<{ order: OrderSeen }>(
      ORDER_NOW,
      { id: order.id },
      api.hq(),
    );
    tally.add('promises due');
    if (Date.parse(now.pickUp.start) !== order.pickUp.start) tally.add('promises moved');
    else if (now.status === 'READY') tally.add('promises kept');
    else await this.judge(order, now);
  }

  private async judge(order: SimOrder, now: OrderSeen): Promise<void> {
    const { tally } = this.ground;
    const { start } = order.pickUp;
    const told = this.toldAt(order);
    const excuse = await this.excuse(order, now, told);
    if (excuse !== null) {
      tally.add(`promises broken/${excuse}`);
    } else if (told < start) {
      const detail = `order ${order.id} was told ${iso(told)} of its pick-up ${iso(start)}`;
      tally.flaw('NOT_CALLED', start, detail);
    } else {
      tally.flaw('SILENTLY_LATE', start, await this.story(order, now));
    }
  }

  /** Null: there is none. */
  private async excuse(order: SimOrder, now: OrderSeen, told: EpochMs): Promise<string | null> {
    if (told <= order.pickUp.start - LEAST_NOTICE_MS) return 'told in time';
    if (await this.isTasked(order, 'CALL_CUSTOMER')) {
      return told <= order.pickUp.start ? 'told late and called' : 'called';
    }
    // A pair that is lost cannot be planned: staff were told to look after the order.
    if (await this.isTasked(order, 'REPLAN_NEEDED')) return 'left to staff';
    return told === Infinity && this.isBlind(order, now) ? 'nobody could know' : null;
  }

  /** Before this pick-up, and since it is booked. */
  private async isTasked({ id, pickUp, pickUpSince }: SimOrder, kind: string): Promise<boolean> {
    const raised = await this.records.tasks(id, kind);
    return raised.some((at) => pickUpSince <= at && at <= pickUp.start);
  }

  private async story(order: SimOrder, { status, promise }: OrderSeen): Promise<string> {
    const pairs = order.pairs.map(({ tag, at, told }) => `${tag} at ${at}, scanned ${told.place}`);
    const told = order.told.map(({ kind, at, pickUpAt }) => `${kind} ${iso(at)} ${iso(pickUpAt)}`);
    const history = await this.records.history(order.id);
    return [
      `order ${order.id} is ${status}, to be collected ${iso(order.pickUp.start)}`,
      ...[pairs.join('; '), told.join('; '), history, JSON.stringify(promise)],
    ].join('\n  ');
  }

  /** When they were first told that this pick-up cannot be. */
  private toldAt({ told, pickUp }: SimOrder): EpochMs {
    const about = told.filter(
      ({ kind, pickUpAt }) => kind === 'NEW_PROMISE' && pickUpAt === pickUp.start,
    );
    return Math.min(Infinity, ...about.map(({ at }) => at));
  }

  /** By the plan all is well still: its last steps are missed by less than what is taken as late. */
  private isBlind({ pickUp }: SimOrder, { promise }: OrderSeen): boolean {
    const spareMs = pickUp.start - Date.parse(promise.readyBy);
    return spareMs >= 0 && spareMs < BLIND_MS;
  }
}
