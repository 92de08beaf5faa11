import { Query, Resolver } from '@nestjs/graphql';

import { Access } from '../../platform/signin/access.ts';
import { HealthService, type HealthData } from './health.service.ts';

@Resolver()
export class HealthResolver {
  constructor(private readonly service: HealthService) {}

  @Query('health')
  @Access('public')
  health(): Promise<HealthData> {
    return this.service.look();
  }
}
