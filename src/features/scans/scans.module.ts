import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { GoodsModule } from '../goods/index.ts';
import { MediaModule } from '../media/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { GoodsResolver } from './goods.resolver.ts';
import { PairReader } from './pair-reader.ts';
import { Rework } from './rework.service.ts';
import { ScanDesk } from './scan-desk.service.ts';
import { MilestoneResolver } from './milestone.resolver.ts';
import { ScanPhotos } from './scan-photos.ts';
import { ScanRecords } from './scan-records.ts';
import { ScanRows } from './scan-rows.ts';
import { Strays } from './strays.service.ts';

/** Scans of goods, what they say, and what is not where it should be. */
@Module({
  imports: [CapacityModule, GoodsModule, MediaModule, OrdersModule],
  providers: [
    GoodsResolver,
    MilestoneResolver,
    PairReader,
    Rework,
    ScanDesk,
    ScanPhotos,
    ScanRecords,
    ScanRows,
    Strays,
  ],
  exports: [ScanDesk],
})
export class ScansModule {}
