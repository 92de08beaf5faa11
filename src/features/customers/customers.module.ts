import { Module } from '@nestjs/common';

import { Customers } from './customers.service.ts';

/** People and how they are reached, apart from what they booked. */
@Module({ providers: [Customers], exports: [Customers] })
export class CustomersModule {}
