import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { StoreResolver } from './store.resolver.ts';
import { Stores } from './stores.service.ts';

/** Where customers come: stores and their hours. */
@Module({ imports: [CapacityModule], providers: [StoreResolver, Stores] })
export class StoresModule {}
