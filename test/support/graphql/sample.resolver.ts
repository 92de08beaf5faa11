import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';

import { badInput } from '../../../src/platform/graphql/errors.ts';
import { Access, CurrentCaller } from '../../../src/platform/signin/access.ts';
import type { Caller } from '../../../src/platform/signin/caller.ts';
import {
  sampleHealth,
  sampleOrder,
  samplePromise,
  sampleRefusal,
  sampleSlots,
  sampleStore,
} from './sample-answers.ts';

/** Never to be seen by a client. */
export const SECRET = 'password of the database';

const SLOTS = sampleSlots(100);

@Resolver('Store')
export class SampleResolver {
  /** What the last `promise` was asked for, as it came out of the scalars. */
  lastPromiseInput: unknown;
  mutations = 0;

  @Query('health')
  @Access('public')
  health(): unknown {
    return sampleHealth;
  }

  @Query('store')
  @Access('public')
  store(@Args('code') code: string): unknown {
    if (code === 'FAULT') throw new Error(`cannot connect: ${SECRET}`);
    if (code === 'THROWS-TEXT') throw SECRET as unknown as Error;
    if (code === 'BROKEN') return { code, timeZone: 'Asia/Shanghai' };
    return code === 'NONE' ? null : sampleStore(code);
  }

  @Query('availability')
  @Access('public')
  async availability(@Args('storeCodes') codes: string[]): Promise<unknown> {
    if (codes.length > 50) throw badInput('At most 50 stores.', 'storeCodes');
    if (codes.includes('FAULT')) throw new Error(`cannot connect: ${SECRET}`);
    return Promise.resolve(codes.map((code) => ({ store: sampleStore(code), slots: SLOTS })));
  }

  @Query('promise')
  @Access('public')
  promise(@Args('input') input: { dropOffStoreCode: string }): unknown {
    this.lastPromiseInput = input;
    if (input.dropOffStoreCode === 'NONE') return sampleRefusal('NoPromise', 'NO_CONNECTION');
    return samplePromise();
  }

  @Query('order')
  @Access('customer', 'staff', 'hq')
  order(@Args('id') id: string, @CurrentCaller() caller: Caller): unknown {
    return sampleOrder(`${id} of ${caller.role}`);
  }

  @Mutation('bookOrder')
  @Access('customer', 'staff', 'hq')
  bookOrder(): unknown {
    this.mutations++;
    return sampleOrder('new');
  }

  @Mutation('holdOrder')
  @Access('customer', 'staff', 'hq')
  holdOrder(): unknown {
    return sampleRefusal('NotBookable', 'CLOSED');
  }

  @Mutation('moveAppointment')
  @Access('customer', 'staff', 'hq')
  moveAppointment(): unknown {
    return { ...sampleRefusal('VersionConflict', 'VERSION_CONFLICT'), currentVersion: 3 };
  }

  /** Declares no access rule: the guard must refuse it to everybody. */
  @Mutation('cancelOrder')
  cancelOrder(): unknown {
    return sampleOrder('cancelled');
  }

  @Mutation('importNetwork')
  @Access('hq')
  importNetwork(): unknown {
    return {
      ...sampleRefusal('InvalidNetwork', 'INVALID_NETWORK'),
      problems: [{ path: 'stores[0].code', message: 'No.' }],
    };
  }
}
