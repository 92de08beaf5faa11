import type { Network } from '../network/network.ts';
import type { OrderItem } from '../orders/order.ts';
import type { PairOperation } from './pair.ts';

type Services = Network['services'];

/** What is done on one pair. */
export type PairWork = readonly Pick<
  PairOperation,
  'position' | 'skill' | 'origin' | 'startedAt'
>[];

/**
 * What is being done, or was done last, on the pair of an item that is furthest: code of the service that
 * was ordered, skill of what was added later; null: nothing was begun.
 */
export function careStage(
  item: OrderItem,
  pairs: readonly PairWork[],
  services: Services,
): string | null {
  let furthest: PairWork[number] | undefined;
  let work: PairWork = [];
  for (const operations of pairs) {
    for (const operation of operations) {
      if (operation.startedAt === null) continue;
      if (furthest !== undefined && furthest.position >= operation.position) continue;
      furthest = operation;
      work = operations;
    }
  }
  return furthest === undefined ? null : codeOf(furthest, work, item, services);
}

/** Operations are those of the services in their order, unless the services were changed since. */
function codeOf(
  operation: PairWork[number],
  work: PairWork,
  { serviceCodes }: OrderItem,
  services: Services,
): string {
  const ordered = work.filter(({ origin }) => origin === 'SERVICE');
  const codes = serviceCodes.flatMap((code) =>
    (services.get(code)?.operations ?? []).map(({ skill }) => ({ code, skill })),
  );
  const known = codes.length === ordered.length ? codes[ordered.indexOf(operation)] : undefined;
  return known?.skill === operation.skill ? known.code : operation.skill;
}
