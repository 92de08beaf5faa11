import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { NetworkInput } from '../../core/network/network-input.ts';
import { PROJECT_ROOT } from '../../platform/project-root.ts';
import { Capacity } from '../capacity/index.ts';
import { bookedFor } from '../customers/index.ts';
import { ImportNetwork } from '../imports/index.ts';
import { BookOrder } from '../orders/index.ts';
import { slotForWish, type DemoWish } from './demo-wish.ts';

const HQ = { role: 'hq', id: 'hq' } as const;
/** Any constant: of several processes that start at once one loads, the others wait. */
const DEMO_LOCK = 7_002;
const AT_ONCE = 4;

/** What was loaded. */
export interface LoadedDemo {
  readonly stores: number;
  readonly orders: number;
}

/** Loads the demo chain and a week of its orders into a database without a chain. */
@Injectable()
export class Demo {
  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
    private readonly imports: ImportNetwork,
    private readonly bookings: BookOrder,
  ) {}

  /** @returns null: there is a chain already, so nothing was loaded */
  async loadIfEmpty(): Promise<LoadedDemo | null> {
    return this.db.transaction(async (tx) => {
      // This transaction only waits for the lock and keeps it while others do the work, however long.
      await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      await tx.query('SET LOCAL statement_timeout = 0');
      await tx.query('SELECT pg_advisory_xact_lock($1)', [DEMO_LOCK]);
      return (await this.isEmpty(tx)) ? this.load() : null;
    });
  }

  /** Whether the chain has the places of the demo, so that its examples work. */
  async isLoaded(): Promise<boolean> {
    const { network } = await this.capacity.world();
    return network.stores.has('SH-JINGAN') && network.stores.has('SH-LUJIAZUI');
  }

  private async isEmpty(tx: EntityManager): Promise<boolean> {
    const [chain] = await tx.query<{ empty: boolean }[]>('SELECT version = 0 AS empty FROM chain');
    return chain?.empty === true;
  }

  private async load(): Promise<LoadedDemo> {
    const imported = await this.imports.run(await readSeed<NetworkInput>('demo-network.json'));
    if (!imported.ok) throw new Error('the demo chain is not valid');
    const { orders: wishes } = await readSeed<{ orders: readonly DemoWish[] }>('demo-orders.json');
    let orders = 0;
    const rest = wishes.entries();
    const bookTheRest = async () => {
      for (const [index, wish] of rest) {
        if (await this.book(wish, index)) orders += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, bookTheRest));
    return { stores: imported.value.network.stores.size, orders };
  }

  private async book(wish: DemoWish, index: number): Promise<boolean> {
    const world = await this.capacity.world();
    const dropOff = slotForWish(world, wish, 'DROP_OFF');
    const pickUp = slotForWish(world, wish, 'PICK_UP');
    if (dropOff === null || pickUp === null) return false;
    const booked = await this.bookings.run({
      caller: HQ,
      requestKey: `demo-order-${index}`,
      customer: bookedFor(HQ, wish.customer),
      dropOff,
      pickUp,
      items: wish.items,
      holdId: null,
    });
    return booked.ok;
  }
}

async function readSeed<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(PROJECT_ROOT, 'seeds', name), 'utf8')) as T;
}
