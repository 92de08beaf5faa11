import { Injectable } from '@nestjs/common';

import { openings } from '../../core/hours/openings.ts';
import type { Store } from '../../core/network/network.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { LocalDate } from '../../core/time/time.ts';
import { pageOf, type PageRequest } from '../../platform/graphql/page.ts';
import { Capacity } from '../capacity/index.ts';
import { checkDateRange } from './date-range.ts';

/** Where customers come. */
@Injectable()
export class Stores {
  constructor(private readonly capacity: Capacity) {}

  async find(code: string): Promise<Store | null> {
    return (await this.capacity.world()).network.stores.get(code) ?? null;
  }

  async list(page: PageRequest): Promise<readonly Store[]> {
    return pageOf((await this.capacity.world()).network.stores, page);
  }

  /** By start; of every opening that starts on one of the dates. */
  openingTimes(store: Store, from: LocalDate, to: LocalDate): readonly Interval[] {
    checkDateRange(from, to);
    return openings(store, from, to);
  }
}
