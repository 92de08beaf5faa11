import type { OutgoingMessage, SendOutcome } from '../../src/channels/channel.ts';
import { ALL_MESSAGE_KINDS, ruleOf } from '../../src/core/messages/kinds.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { Answer } from './api.ts';
import type { Customers } from './customers.ts';
import { HOUR, iso, MINUTE, type Ground } from './ground.ts';
import { OPEN_FINDINGS, OPERATIONS } from './operations.ts';
import type { SimOrder } from './order-book.ts';
import { openTime, seen, type OrderSeen } from './people.ts';
import type { Visits } from './visits.ts';

/** One message as the provider had it. */
export interface Sent {
  readonly deliveryId: string;
  readonly kind: string;
  readonly orderId: string;
  readonly pickUpAt: EpochMs;
  readonly at: EpochMs;
}

const KINDS: ReadonlyMap<string, string> = new Map(
  ALL_MESSAGE_KINDS.map((kind) => [ruleOf(kind).name, kind]),
);

/** What customers are told, and what they do about it. */
export class Phones {
  readonly sent: Sent[] = [];
  private fresh: Sent[] = [];

  constructor(
    private readonly ground: Ground,
    private readonly visits: Visits,
    private readonly customers: Customers,
  ) {}

  /** As a provider that takes everything. */
  readonly take = ({ deliveryId, content }: OutgoingMessage<unknown>): SendOutcome => {
    const { kind, fields } = content;
    this.fresh.push({
      ...{ deliveryId, kind: KINDS.get(kind) ?? kind, orderId: fields['orderId']! },
      pickUpAt: Date.parse(fields['pickUpAt']!),
      at: this.ground.agenda.now,
    });
    return { outcome: 'accepted', providerRef: null };
  };

  /** What was sent since is read, whatever the order in which it was sent at one moment. */
  read(): void {
    const { book, tally } = this.ground;
    const news = this.fresh.map((sent) => ({ sent, order: book.byId.get(sent.orderId) }));
    this.fresh = [];
    const no = (order: SimOrder | undefined) => order?.no ?? Infinity;
    news.sort((a, b) => no(a.order) - no(b.order) || (a.sent.kind < b.sent.kind ? -1 : 1));
    for (const { sent, order } of news) {
      this.sent.push(sent);
      tally.add(`messages/${sent.kind}`);
      if (order === undefined) continue;
      order.told.push(sent);
      this.react(order, sent);
    }
  }

  private react(order: SimOrder, { kind }: Sent): void {
    const { agenda, terms } = this.ground;
    const { random } = order;
    const answers = random.chance(terms.habits.answers);
    switch (kind) {
      case 'NEW_PROMISE':
        order.mustChoose = true;
        if (answers) agenda.in(random.int(5, 300) * MINUTE, () => this.choose(order));
        return;
      case 'FINDING':
        if (answers) agenda.in(random.int(10, 900) * MINUTE, () => this.decide(order));
        return;
      case 'READY':
        if (order.mustChoose) this.comeSoon(order, random.int(1, 20));
        return;
      case 'OVERDUE':
        if (answers) this.comeSoon(order, random.int(1, 30));
        return;
      default:
    }
  }

  /** Whenever it suits them, without an appointment that holds. */
  private comeSoon(order: SimOrder, hours: number): void {
    const { agenda } = this.ground;
    const at = openTime(this.ground, order.pickUp.storeCode, agenda.now + hours * HOUR);
    const { plan } = order;
    agenda.at(at, async () => {
      if (order.plan === plan) await this.visits.comeFor(order);
    });
  }

  /** One of the slots that are offered, if there are any still. */
  private async choose(order: SimOrder): Promise<void> {
    const { api, tally } = this.ground;
    if (order.isComing || order.state === 'COLLECTED' || order.state === 'CANCELLED') return;
    const now = await seen(this.ground, order);
    const start = order.random.pick([...now.proposals, null])?.start ?? now.proposals[0]?.start;
    if (start === undefined) return;
    const customer = api.customer(order.contact);
    const isPickUp = now.proposalsFor === 'PICK_UP';
    const visit = isPickUp ? now.pickUp : now.dropOff;
    const slot = { storeCode: visit.store.code, start };
    const { version: expectedVersion } = now;
    const taken = ['SLOT_FULL', 'TOO_SOON', 'READY_TOO_LATE'];
    const answer = isPickUp
      ? await api.change<OrderSeen>(
          OPERATIONS.choosePickUp,
          { orderId: order.id, expectedVersion, slot },
          customer,
          taken,
        )
      : await api.change<OrderSeen>(
          OPERATIONS.move,
          { appointmentId: visit.id, expectedVersion, to: slot },
          customer,
          taken,
        );
    if (answer.code !== undefined) return;
    tally.add('chose another slot');
    order.mustChoose = false;
    this.customers.follow(order, answer);
  }

  private async decide(order: SimOrder): Promise<void> {
    const { api, tally, agenda } = this.ground;
    const customer = api.customer(order.contact);
    const { findings } = await api.read<{
      findings: readonly { id: string; state: string; decideBy: string }[] | null;
    }>(OPEN_FINDINGS, { orderId: order.id }, customer);
    for (const { id: findingId, state, decideBy } of findings ?? []) {
      if (state !== 'OPEN') continue;
      const decision = order.random.pick(['APPROVE', 'APPROVE', 'DECLINE', 'ASK']);
      const question = decision === 'ASK' ? 'How long will it last?' : undefined;
      const input = { findingId, decision, question };
      // Their time was over, and the house has not decided yet.
      const late = Date.parse(decideBy) <= agenda.now ? ['TOO_LATE'] : [];
      const { code } = await api.change<Answer>(OPERATIONS.decideFinding, input, customer, late);
      if (code !== undefined) continue;
      tally.add(`decided/${decision}`);
    }
  }
}

export const showSent = ({ kind, orderId, at }: Sent): string => `${kind} ${orderId} ${iso(at)}`;
