import { Args, Query, Resolver } from '@nestjs/graphql';

import type { Service } from '../../core/network/network.ts';
import { pageOf, type PageRequest } from '../../platform/graphql/page.ts';
import { Access } from '../../platform/signin/access.ts';
import { Capacity } from '../capacity/index.ts';

@Resolver()
export class ServiceResolver {
  constructor(private readonly capacity: Capacity) {}

  @Query('services')
  @Access('public')
  async services(@Args() page: PageRequest): Promise<readonly Service[]> {
    return pageOf((await this.capacity.world()).network.services, page);
  }
}
