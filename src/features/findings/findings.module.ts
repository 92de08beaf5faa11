import { Module } from '@nestjs/common';

import { DeliveriesModule } from '../deliveries/index.ts';
import { GoodsModule } from '../goods/index.ts';
import { MediaModule } from '../media/index.ts';
import { MessagesModule } from '../messages/index.ts';
import { OrdersModule } from '../orders/index.ts';
import { AgreedFindings } from './agreed-findings.ts';
import { DecideFinding } from './decide-finding.service.ts';
import { FindingStore } from './finding-store.ts';
import { FindingsResolver, HouseRulesResolver } from './findings.resolver.ts';
import { Findings } from './findings.service.ts';
import { HouseRules } from './house-rules.ts';
import { OverdueFindings } from './overdue-findings.service.ts';
import { RemindOfFinding } from './remind-of-finding.service.ts';
import { ReportFinding } from './report-finding.service.ts';
import { SettleFinding } from './settle-finding.ts';

/** Extra work that workshops find, and what becomes of it; and the house rules that it goes by. */
@Module({
  imports: [DeliveriesModule, GoodsModule, MediaModule, MessagesModule, OrdersModule],
  providers: [
    AgreedFindings,
    DecideFinding,
    Findings,
    FindingsResolver,
    FindingStore,
    HouseRules,
    HouseRulesResolver,
    OverdueFindings,
    RemindOfFinding,
    ReportFinding,
    SettleFinding,
  ],
  exports: [AgreedFindings, HouseRules, OverdueFindings],
})
export class FindingsModule {}
