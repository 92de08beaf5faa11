import { Injectable } from '@nestjs/common';

import type { Target } from '../../core/messages/route.ts';
import type { OrderData } from '../../core/orders/order.ts';
import { Accounts } from '../accounts/index.ts';
import { Capacity } from '../capacity/index.ts';
import { MessagePolicies } from '../messages/index.ts';
import { Templates } from '../templates/index.ts';
import { routeAccount, type Surroundings } from './choosing.ts';
import { placeOf } from './leased-delivery.ts';

/** A change of the chain, the policy or the accounts is seen this much later at most. */
const TRUSTED_MS = 500;

/** The chain, the policy and the accounts as they are now, read at most twice a second. */
@Injectable()
export class SurroundingsReader {
  private read: { readonly atMs: number; readonly value: Surroundings } | undefined;
  private reading: Promise<Surroundings> | undefined;

  constructor(
    private readonly capacity: Capacity,
    private readonly policies: MessagePolicies,
    private readonly accounts: Accounts,
    private readonly templates: Templates,
  ) {}

  /** Those in which all stores of `orders` are there: an order may be newer than what was read last. */
  async knowing(orders: readonly OrderData[]): Promise<Surroundings> {
    const known = this.known ?? (await this.current());
    if (orders.every((order) => hasStores(known, order))) return known;
    this.forget();
    return this.current();
  }

  /** Without asking anybody; undefined: what is known is too old. */
  private get known(): Surroundings | undefined {
    const { read } = this;
    return read !== undefined && performance.now() - read.atMs < TRUSTED_MS
      ? read.value
      : undefined;
  }

  async current(): Promise<Surroundings> {
    const { known } = this;
    if (known !== undefined) return known;
    const atMs = performance.now();
    this.reading ??= this.readAll(atMs).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readAll(atMs: number): Promise<Surroundings> {
    const { network } = await this.capacity.world();
    const policy = await this.policies.at(network.version);
    const enabled = await this.accounts.enabled();
    const accounts = new Map(enabled.map((account) => [placeOf(account), account]));
    const routeAccounts = enabled.map(routeAccount);
    const accountOf = async ({ channel, account }: Target) =>
      accounts.get(`${channel}/${account}`) ?? (await this.accounts.get(channel, account));
    const words = await this.templates.words();
    const value = { network, policy, accounts, accountOf, routeAccounts, words };
    this.read = { atMs, value };
    return value;
  }

  /** The next look is a fresh one. */
  forget(): void {
    this.read = undefined;
    this.reading = undefined;
  }
}

const hasStores = (
  { network: { stores } }: Surroundings,
  { dropOff, pickUp }: OrderData,
): boolean => stores.has(dropOff.storeCode) && stores.has(pickUp.storeCode);
