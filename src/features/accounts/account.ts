import type { Channel } from '../../channels/channel.ts';

/** An account at a provider, ready to be used. */
export interface Account {
  readonly channel: Channel;
  /** Its name; `default` where a channel has but one. */
  readonly account: string;
  /** Grows with every change of its settings; 0: the one that nobody made. */
  readonly version: number;
  /** As the channel's own schema gives them, secrets included: for the channel alone. */
  readonly settings: unknown;
  /** One that is not takes callbacks for what was sent before, and nothing is sent on it. */
  readonly isEnabled: boolean;
  /** Of one accepted message. */
  readonly costMinor: number;
  readonly currency: string | null;
  /** Messages a second: the provider's limit or headquarters', whichever is lower; null: none is known. */
  readonly perSecond: number | null;
}

/** Whether customers are reached on it at addresses of theirs, and not only colleagues or a program. */
export const reachesCustomers = ({ channel: { descriptor } }: Pick<Account, 'channel'>): boolean =>
  descriptor.audience !== 'staff' && descriptor.reaches !== 'endpoint';

/** The lower of what headquarters allow and what the provider states for an account. */
export function perSecondOf(channel: Channel, allowed: number | null): number | null {
  const stated = channel.descriptor.rates
    .filter(({ scope }) => scope === 'account')
    .map(({ messages, perSec }) => messages / perSec);
  const limits = allowed === null ? stated : [...stated, allowed];
  return limits.length === 0 ? null : Math.min(...limits);
}
