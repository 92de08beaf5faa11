import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { PromiseResolver } from './promise.resolver.ts';
import { Promises } from './promise.service.ts';

/** When goods could be collected, and why not sooner. */
@Module({ imports: [CapacityModule], providers: [Promises, PromiseResolver] })
export class PromisesModule {}
