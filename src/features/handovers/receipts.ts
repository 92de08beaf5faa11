import { Injectable } from '@nestjs/common';

import { priceOfOrder } from '../../core/handovers/receive.ts';
import type { OrderData, Price } from '../../core/orders/order.ts';
import { Capacity } from '../capacity/index.ts';
import { Goods } from '../goods/index.ts';
import { Media, type Medium } from '../media/index.ts';
import { ConditionPhotos } from './condition-photos.ts';

/** A pair with what the customer calls it. */
export interface TaggedPair {
  readonly tag: string;
  readonly number: number;
  readonly item: number;
  readonly description: string;
  readonly condition: string | null;
  readonly photos: readonly Medium[];
}

/** What the customer is given for goods that were handed in. */
export interface Receipt {
  readonly order: OrderData;
  readonly pairs: readonly TaggedPair[];
  readonly price: readonly Price[];
}

/** Receipts of orders that were handed in. */
@Injectable()
export class Receipts {
  constructor(
    private readonly goods: Goods,
    private readonly photos: ConditionPhotos,
    private readonly media: Media,
    private readonly capacity: Capacity,
  ) {}

  async of(order: OrderData): Promise<Receipt> {
    const pairs = (await this.goods.ofOrders([order.id])).get(order.id)!;
    const photos = await this.photos.ofPairs(pairs.map(({ id }) => id));
    const media = await this.media.byIds([...photos.values()].flat());
    const byId = new Map(media.map((medium) => [medium.id, medium]));
    return {
      order,
      price: await this.price(order),
      pairs: pairs.map(({ id, tag, number, item, condition }) => ({
        tag,
        number,
        item,
        description: order.items[item - 1]?.description ?? '',
        condition,
        photos: (photos.get(id) ?? []).flatMap((mediaId) => byId.get(mediaId) ?? []),
      })),
    };
  }

  async price({ items }: OrderData): Promise<readonly Price[]> {
    return priceOfOrder(items, (await this.capacity.lastSeen()).services);
  }
}
