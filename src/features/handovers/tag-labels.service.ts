import { Injectable } from '@nestjs/common';

import { localDateOf } from '../../core/time/local-date.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { Goods } from '../goods/index.ts';
import { OrderReader } from '../orders/index.ts';
import { pdfLabels } from './pdf-labels.ts';
import type { TagLabel } from './tag-label.ts';
import { zplLabels } from './zpl-labels.ts';

export type LabelFormat = 'ZPL' | 'PDF';

export interface PrintedLabels {
  readonly format: LabelFormat;
  readonly mediaType: string;
  readonly content: string;
}

/** Labels for the tags of pairs. */
@Injectable()
export class TagLabels {
  constructor(
    private readonly reader: OrderReader,
    private readonly goods: Goods,
    private readonly capacity: Capacity,
  ) {}

  /** Null: no such order that the caller may see. An order that was not handed in has no labels. */
  async of(
    orderId: string,
    format: LabelFormat,
    caller: SignedInCaller,
  ): Promise<PrintedLabels | null> {
    const labels = await this.labels(orderId, caller);
    if (labels === null) return null;
    if (format === 'ZPL') {
      return { format, mediaType: 'application/zpl; charset=utf-8', content: zplLabels(labels) };
    }
    const content = (await pdfLabels(labels)).toString('base64');
    return { format, mediaType: 'application/pdf', content };
  }

  private async labels(
    orderId: string,
    caller: SignedInCaller,
  ): Promise<readonly TagLabel[] | null> {
    const found = await this.reader.byId(orderId, caller);
    if (found === null) return null;
    const { id, items, ticketCode, dropOff, pickUp } = found.order;
    const pairs = (await this.goods.ofOrders([id])).get(id)!;
    const { stores } = await this.capacity.lastSeen();
    return pairs.map(({ tag, number, item }) => ({
      tag,
      number,
      pairs: pairs.length,
      ticketCode,
      storeCode: dropOff.storeCode,
      pickUpStoreCode: pickUp.storeCode,
      date: localDateOf(pickUp.start, stores.get(pickUp.storeCode)!.timeZone),
      description: items[item - 1]?.description ?? '',
      serviceCodes: items[item - 1]?.serviceCodes ?? [],
    }));
  }
}
