import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { compileNetwork } from '../../core/network/compile-network.ts';
import { mergeNetwork } from '../../core/network/network-document.ts';
import type { NetworkInput, NetworkProblem } from '../../core/network/network-input.ts';
import type { Network } from '../../core/network/network.ts';
import { validateNetwork } from '../../core/network/validate-network.ts';
import type { AppointmentData, OrderData } from '../../core/orders/order.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Capacity } from '../capacity/index.ts';
import { ChainStore, disruptionsOf, type Chain } from '../network/index.ts';
import { OrderReader } from '../orders/index.ts';
import { ConflictFinder } from './conflict-finder.ts';
import type { Conflict } from './conflicts.ts';

/** Nothing was written: the input has problems, at most 100 of which are named. */
export interface InvalidNetwork {
  readonly code: 'INVALID_NETWORK';
  readonly problems: readonly NetworkProblem[];
}

/** An appointment that no longer fits; it stays as it is. */
export interface OrderConflict {
  readonly order: OrderData;
  readonly appointment: AppointmentData;
  readonly code: Conflict['code'];
}

export interface ImportedNetwork {
  readonly network: Network;
  readonly conflicts: readonly OrderConflict[];
}

/** Puts parts of the chain in place of those of the same code, all or nothing. */
@Injectable()
export class ImportNetwork {
  constructor(
    private readonly db: DataSource,
    private readonly chains: ChainStore,
    private readonly finder: ConflictFinder,
    private readonly orders: OrderReader,
    private readonly capacity: Capacity,
  ) {}

  /**
   * Waits for bookings under way, and lets new ones wait until it is done. This process then knows the new
   * chain, with which the stores in the answer are named.
   */
  async run(input: NetworkInput): Promise<Result<ImportedNetwork, InvalidNetwork>> {
    const imported = await this.importAll(input);
    if (imported.ok) await this.capacity.world();
    return imported;
  }

  private importAll(input: NetworkInput): Promise<Result<ImportedNetwork, InvalidNetwork>> {
    return this.db.transaction(async (tx) => {
      await this.chains.lockForImport(tx);
      const before = await this.chains.load(tx);
      const problems = validateNetwork(before.document, input);
      if (problems.length > 0) return refuse({ code: 'INVALID_NETWORK', problems });
      return ok(await this.replace(tx, before, input));
    });
  }

  private async replace(
    tx: EntityManager,
    before: Chain,
    input: NetworkInput,
  ): Promise<ImportedNetwork> {
    const version = await this.chains.replaceParts(tx, input);
    const document = mergeNetwork(before.document, input);
    const disruptions = disruptionsOf(document, before.disruptions);
    const network = compileNetwork(document, version, disruptions);
    const conflicts = await this.conflicts(tx, input, before, network);
    return { network, conflicts };
  }

  private async conflicts(
    tx: EntityManager,
    input: NetworkInput,
    before: Chain,
    network: Network,
  ): Promise<readonly OrderConflict[]> {
    const found = await this.finder.find(tx, input, before, network);
    return this.withOrders(tx, onePerAppointment(found));
  }

  private async withOrders(
    tx: EntityManager,
    conflicts: readonly Conflict[],
  ): Promise<readonly OrderConflict[]> {
    const ids = [...new Set(conflicts.map((conflict) => conflict.orderId))];
    const loaded = await this.orders.many(ids, tx);
    const byId = new Map(loaded.map(({ order }) => [order.id, order]));
    return conflicts
      .map(({ orderId, appointmentId, code }) => {
        const order = byId.get(orderId)!;
        const appointment = [order.dropOff, order.pickUp].find(({ id }) => id === appointmentId)!;
        return { order, appointment, code };
      })
      .sort(byStartAndId);
  }
}

function onePerAppointment(conflicts: readonly Conflict[]): readonly Conflict[] {
  const seen = new Map<string, Conflict>();
  for (const conflict of conflicts) {
    if (!seen.has(conflict.appointmentId)) seen.set(conflict.appointmentId, conflict);
  }
  return [...seen.values()];
}

function byStartAndId({ appointment: a }: OrderConflict, { appointment: b }: OrderConflict) {
  return a.start - b.start || (a.id < b.id ? -1 : 1);
}
