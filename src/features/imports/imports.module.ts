import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { NetworkModule } from '../network/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { ConflictFinder } from './conflict-finder.ts';
import { ConflictReader } from './conflict-reader.ts';
import { ImportNetworkResolver } from './import-network.resolver.ts';
import { ImportNetwork } from './import-network.service.ts';

/** Headquarters state the chain, and hear what no longer fits. */
@Module({
  imports: [CapacityModule, NetworkModule, OrdersModule],
  providers: [ConflictFinder, ConflictReader, ImportNetwork, ImportNetworkResolver],
  exports: [ImportNetwork],
})
export class ImportsModule {}
