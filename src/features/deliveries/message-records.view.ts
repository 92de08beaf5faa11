import type { DeliveryView, MessageRecord, SentRecord } from './message-records.ts';

/** A message as staff see it. */
export const messageView = ({ deliveries, ...record }: MessageRecord) => ({
  __typename: 'OrderMessage' as const,
  ...record,
  deliveries: deliveries.map(deliveryView),
});

function deliveryView({ addressKey, content, engagement, attempts, ...delivery }: DeliveryView) {
  const { createdAt, nextAt } = delivery;
  return {
    ...delivery,
    to: addressKey,
    title: content?.title ?? null,
    text: content?.text ?? null,
    isRead: engagement.includes('read'),
    createdAt: new Date(createdAt),
    nextAt: nextAt === null ? null : new Date(nextAt),
    attempts: attempts.map(({ at, outcome, because, code }) => ({
      ...{ at: new Date(at), outcome, because, code },
    })),
  };
}

/** What a customer was sent, as the customer sees it. */
export function sentView({ content, ...sent }: SentRecord) {
  const { title, text } = content;
  return { ...sent, title, text };
}
