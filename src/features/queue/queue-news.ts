import { Injectable } from '@nestjs/common';

import { Notifications } from '../../platform/database/notifications.ts';

const CHANNEL = 'welt_queue';

/** Who wants to know at once that a line moved. */
export interface QueueListener {
  moved(storeCode: string): void;
  /** Any line may have moved without a word. */
  missed(): void;
}

/** Tells all processes whose line has moved. A hint: it may be lost, and says nothing but the store. */
@Injectable()
export class QueueNews {
  constructor(private readonly notifications: Notifications) {}

  /** To be called after the commit. */
  tell(storeCode: string): void {
    this.notifications.tell(CHANNEL, storeCode);
  }

  /** @returns ends the listening */
  listen(listener: QueueListener): () => void {
    return this.notifications.listen(CHANNEL, {
      heard: (storeCode) => {
        listener.moved(storeCode);
      },
      missed: () => {
        listener.missed();
      },
    });
  }
}
