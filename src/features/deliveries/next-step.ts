import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Way } from '../../channels/channel.ts';
import { ruleOf } from '../../core/messages/kinds.ts';
import type { Advance } from '../../core/messages/policy.ts';
import type { PersonalRoute, Target } from '../../core/messages/route.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { addressOn, Grants, type Account, type Recipient } from '../accounts/index.ts';
import { isSame, type Surroundings } from './choosing.ts';
import type { DueMessage, EarlierDelivery } from './due-messages.ts';
import type { PassedOver } from './opened-writer.ts';

/** Where a message goes next, and how. */
export interface ChosenTarget {
  readonly account: Account;
  readonly way: Way;
  readonly address: unknown;
  readonly addressKey: string;
  readonly grantId: string | null;
  readonly advance: readonly Advance[];
}

/** The targets of this round, with those that could not be used, and why. */
export interface NextStep {
  readonly targets: readonly (ChosenTarget & { readonly deliveryId: string })[];
  readonly passedOver: readonly PassedOver[];
}

/** What is asked of a route. */
interface Asking {
  readonly message: DueMessage;
  readonly recipient: Recipient;
  readonly route: PersonalRoute;
  readonly earlier: readonly EarlierDelivery[];
  readonly surroundings: Surroundings;
  readonly now: EpochMs;
  readonly newId: () => string;
}

/** Finds the next step of a route that leads to the person. */
@Injectable()
export class NextSteps {
  private readonly log = new Logger('deliveries');

  constructor(private readonly grants: Grants) {}

  /** The first usable step that was not taken yet; of a broadcast, all targets that can be used. */
  async find(tx: EntityManager, asking: Asking): Promise<NextStep> {
    const { route, earlier, newId } = asking;
    const steps =
      route.mode === 'fallback'
        ? route.steps
        : route.targets.map((target) => ({ ...target, advance: NEVER }));
    const targets: (ChosenTarget & { deliveryId: string })[] = [];
    const passedOver: PassedOver[] = [];
    for (const step of steps) {
      if (earlier.some((one) => isSame(one, step))) continue;
      const deliveryId = newId();
      const chosen = await this.choose(tx, asking, step, deliveryId);
      if (typeof chosen === 'string') {
        const { channel, account } = step;
        passedOver.push({ channel, account, reason: chosen });
        continue;
      }
      targets.push({ ...chosen, advance: step.advance, deliveryId });
      if (route.mode === 'fallback') break;
    }
    return { targets, passedOver };
  }

  /** The reason, if this step does not lead anywhere. */
  private async choose(
    tx: EntityManager,
    { message, recipient, surroundings, now }: Asking,
    { channel, account: name }: Target,
    deliveryId: string,
  ): Promise<Omit<ChosenTarget, 'advance'> | string> {
    const account = surroundings.accounts.get(`${channel}/${name}`);
    if (account === undefined) return 'NO_ACCOUNT';
    const found = this.waysTo(recipient, account, message);
    if (typeof found === 'string') return found;
    const { address, addressKey, ways } = found;
    for (const way of ways) {
      if (way.grant === null) return { account, way, address, addressKey, grantId: null };
      const place = { channel, account: name, addressKey, grant: way.grant };
      const grantId = await this.grants.reserve(tx, place, deliveryId, now);
      if (grantId !== null) return { account, way, address, addressKey, grantId };
    }
    const [first] = ways;
    if (first === undefined) return 'TEMPLATE_MISSING';
    return first.grant?.is === 'window' ? 'WINDOW_CLOSED' : 'NO_GRANT';
  }

  /** A channel that throws stops what would go its way, and nothing else that is due. */
  private waysTo(recipient: Recipient, account: Account, { id, kind }: DueMessage) {
    const { channel, settings } = account;
    try {
      const choice = addressOn(recipient, account);
      if (!choice.ok) return choice.reason;
      const { address, addressKey } = choice;
      return { address, addressKey, ways: channel.ways(settings, ruleOf(kind).name) };
    } catch (fault) {
      this.log.error(fault, `message ${id} on ${channel.descriptor.name}`);
      return 'CHANNEL_FAULT';
    }
  }
}

const NEVER: readonly Advance[] = [];
