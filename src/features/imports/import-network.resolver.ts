import { Args, Mutation, Resolver } from '@nestjs/graphql';

import type { NetworkInput } from '../../core/network/network-input.ts';
import { Access } from '../../platform/signin/access.ts';
import { ImportNetwork } from './import-network.service.ts';
import { importAnswer } from './import-network.view.ts';

@Resolver()
export class ImportNetworkResolver {
  constructor(private readonly imports: ImportNetwork) {}

  @Mutation('importNetwork')
  @Access('hq')
  async importNetwork(@Args('input') input: NetworkInput) {
    return importAnswer(await this.imports.run(input));
  }
}
