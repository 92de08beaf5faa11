import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { ImportsModule } from '../imports/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { Demo } from './demo.service.ts';

/** A chain to look around in. */
@Module({
  imports: [CapacityModule, ImportsModule, OrdersModule],
  providers: [Demo],
  exports: [Demo],
})
export class DemoModule {}
