import { Global, Module } from '@nestjs/common';

import { Metrics } from './metrics.ts';

/** One set of metrics for each application, wherever it is asked for. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}
