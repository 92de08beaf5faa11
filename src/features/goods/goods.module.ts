import { Module } from '@nestjs/common';

import { Goods } from './goods.service.ts';

/** Pairs of shoes: where they are and what is done on them. */
@Module({ providers: [Goods], exports: [Goods] })
export class GoodsModule {}
