import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { StoreResolver } from './store.resolver.ts';

/** Where customers come: stores and their hours. */
@Module({ imports: [CapacityModule], providers: [StoreResolver] })
export class StoresModule {}
