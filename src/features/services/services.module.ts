import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { ServiceResolver } from './service.resolver.ts';

/** What is sold. */
@Module({ imports: [CapacityModule], providers: [ServiceResolver] })
export class ServicesModule {}
