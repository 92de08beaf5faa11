import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Injectable } from '@nestjs/common';

import { PlannedExecution } from './plan/planned-execution.ts';

/** Apollo Server as Nest sets it up, with queries executed by plans. */
@Injectable()
export class PlannedApolloDriver extends ApolloDriver {
  override async registerServer(options: ApolloDriverConfig): Promise<void> {
    if (options.schema === undefined) throw new Error('the server needs its schema first');
    const gateway = new PlannedExecution(options.schema).asGateway();
    await super.registerServer({ ...options, gateway } as ApolloDriverConfig);
  }
}
