import { Module } from '@nestjs/common';

import { ChainStore } from './chain-store.ts';

/** The chain as it is stored. */
@Module({ providers: [ChainStore], exports: [ChainStore] })
export class NetworkModule {}
