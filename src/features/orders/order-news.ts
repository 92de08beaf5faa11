import { Injectable } from '@nestjs/common';

import { Notifications } from '../../platform/database/notifications.ts';
import type { OrderVersion } from './order-history.ts';

const CHANNEL = 'welt_events';

/** Who wants to know at once that orders changed. */
export interface OrderListener {
  changed(order: OrderVersion): void;
  /** Any order may have changed without a word. */
  missed(): void;
}

/** Tells all processes which order has changed. A hint: it may be lost, and says nothing but the version. */
@Injectable()
export class OrderNews {
  constructor(private readonly notifications: Notifications) {}

  /** To be called after the commit. */
  tell({ id, version }: OrderVersion): void {
    this.notifications.tell(CHANNEL, `${id} ${version}`);
  }

  /** @returns ends the listening */
  listen(listener: OrderListener): () => void {
    return this.notifications.listen(CHANNEL, {
      heard: (payload) => {
        const [id = '', version] = payload.split(' ');
        listener.changed({ id, version: Number(version) });
      },
      missed: () => {
        listener.missed();
      },
    });
  }
}
