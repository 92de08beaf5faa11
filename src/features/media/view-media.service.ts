import { Injectable } from '@nestjs/common';

import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { MediaStore } from './media-store.ts';
import type { Medium } from './medium.ts';
import { OrderAccess } from './order-access.ts';

/** Media for those who may see their order; those of no order for whoever uploaded them. */
@Injectable()
export class ViewMedia {
  constructor(
    private readonly store: MediaStore,
    private readonly orders: OrderAccess,
  ) {}

  /** Null: there is none that the caller may see. */
  async find(id: string, caller: SignedInCaller): Promise<Medium | null> {
    const [medium] = await this.store.byIds([id]);
    if (medium === undefined) return null;
    return (await this.isSeen(medium, caller)) ? medium : null;
  }

  /** Null: there is no such order that the caller may see. */
  async ofOrder(orderId: string, caller: SignedInCaller): Promise<readonly Medium[] | null> {
    if (!(await this.orders.sees(orderId, caller))) return null;
    return this.store.ofOrders([orderId]);
  }

  private async isSeen({ orderId, uploadedBy }: Medium, caller: SignedInCaller): Promise<boolean> {
    if (orderId === null) return caller.role === 'hq' || uploadedBy === caller.id;
    return this.orders.sees(orderId, caller);
  }
}
