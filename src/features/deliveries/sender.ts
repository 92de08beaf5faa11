import { Injectable, Logger } from '@nestjs/common';

import type {
  LookUpOutcome,
  MessageContent,
  OutgoingMessage,
  SendContext,
  SendOutcome,
} from '../../channels/channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { SendContexts } from '../accounts/index.ts';
import { CalendarParts } from '../calendars/index.ts';
import { Capacity } from '../capacity/index.ts';
import { LATEST_START_MS, type LeasedDelivery } from './leased-delivery.ts';
import type { MadeAttempt } from './record.ts';
import { SurroundingsReader } from './surroundings.ts';
import { Deadlines } from './deadlines.ts';
import { detailsOf, slotsToChoose } from './told-facts.ts';

/** Puts words, and makes one attempt or asks for one. What a channel throws is a fault of ours. */
@Injectable()
export class Sender {
  private readonly log = new Logger('deliveries');
  private readonly deadlines = new Deadlines();

  constructor(
    private readonly contexts: SendContexts,
    private readonly surroundings: SurroundingsReader,
    private readonly capacity: Capacity,
    private readonly calendars: CalendarParts,
    private readonly clock: Clock,
  ) {}

  async attempt(leased: LeasedDelivery): Promise<MadeAttempt> {
    const at = this.clock.now();
    const { channel, settings } = leased.account;
    let content: MessageContent | null = leased.content;
    try {
      content ??= await this.contentFor(leased, at);
      const message = outgoing(leased, content, at);
      const composed = channel.compose(settings, message);
      if (!composed.ok) return { at, outcome: composed.error, content };
      return { at, outcome: await this.send(leased, message, composed.payload), content };
    } catch (fault) {
      this.log.error(fault, `delivery ${leased.id} cannot be put into words`);
      return { at, outcome: CANNOT_BE_PUT, content };
    }
  }

  /** Whether the provider has the message of the last attempt. */
  async lookUp(leased: LeasedDelivery): Promise<LookUpOutcome> {
    const { account, address, id: deliveryId, soFar, content } = leased;
    const { channel, settings } = account;
    if (channel.lookUp === undefined) return { found: 'unknown', code: 'NO_LOOK_UP' };
    const at = this.clock.now();
    try {
      const said = content ?? (await this.contentFor(leased, at));
      const composed = channel.compose(settings, outgoing(leased, said, at));
      if (!composed.ok) return { found: 'unknown', code: composed.error.code };
      const firstAttemptAt = soFar.firstAttemptAt ?? at;
      const sent = { deliveryId, address, firstAttemptAt, shown: composed.shown };
      const context = this.contexts.of(this.deadlines.in(timeoutOf(leased)));
      return await channel.lookUp(settings, sent, context);
    } catch (fault) {
      this.log.error(fault, `look-up of delivery ${deliveryId}`);
      return { found: 'unknown', code: 'CHANNEL_FAULT' };
    }
  }

  /** A token that was refused has been dropped: with a new one it is tried once more, and no more. */
  private async send(
    leased: LeasedDelivery,
    message: OutgoingMessage<unknown>,
    payload: unknown,
  ): Promise<SendOutcome> {
    // One deadline for both, so that the second is over before the lease is, too.
    const context = this.contexts.of(this.deadlines.in(timeoutOf(leased)));
    const first = await this.sendOnce(leased, message, payload, context);
    if (first.outcome !== 'temporary' || first.because !== 'token') return first;
    const second = await this.sendOnce(leased, message, payload, context);
    if (second.outcome !== 'temporary' || second.because !== 'token') return second;
    const { code, message: said } = second;
    return { outcome: 'permanent', because: 'configuration', code, message: said };
  }

  private async sendOnce(
    leased: LeasedDelivery,
    message: OutgoingMessage<unknown>,
    payload: unknown,
    context: SendContext,
  ): Promise<SendOutcome> {
    const { channel, settings } = leased.account;
    try {
      return await channel.send(settings, message, payload, context);
    } catch (fault) {
      this.log.error(fault, `delivery ${leased.id} on ${channel.descriptor.name}`);
      return { outcome: 'ambiguous', code: 'CHANNEL_FAULT', message: 'the channel failed' };
    }
  }

  private async contentFor(
    { message, recipient, account }: LeasedDelivery,
    now: EpochMs,
  ): Promise<MessageContent> {
    const { surroundings, calendars } = this;
    const { network, policy, words } = await surroundings.knowing([message.order]);
    const { kind, order } = message;
    const locale = recipient.locale ?? policy.locale;
    const slots =
      kind === 'NEW_PROMISE' ? slotsToChoose(await this.capacity.world(), order, now) : [];
    const takesCalendar = account.channel.descriptor.capabilities.calendar;
    return words.contentFor(kind, locale, {
      order,
      network,
      now,
      customer: recipient.name,
      details: detailsOf(message, slots),
      orderLink: policy.orderLink?.replaceAll('{id}', order.id) ?? null,
      calendar: takesCalendar ? calendars.of(kind, order, network.stores, locale, now) : null,
    });
  }
}

const CANNOT_BE_PUT = {
  outcome: 'permanent',
  because: 'content',
  code: 'CANNOT_BE_PUT',
  message: 'the words could not be made',
} as const;

const outgoing = (
  { id: deliveryId, address, way, message, soFar }: LeasedDelivery,
  content: MessageContent,
  now: EpochMs,
): OutgoingMessage<unknown> => ({
  deliveryId,
  firstAttemptAt: soFar.firstAttemptAt ?? now,
  address,
  way: way.name,
  content,
  usefulUntil: message.usefulUntil,
});

/** Over before the lease is, however late in its first half it begins. */
const timeoutOf = ({ account }: LeasedDelivery): number =>
  Math.min(account.channel.descriptor.timeoutMs, LATEST_START_MS - 1000);
