import type { Result } from '../../core/result.ts';
import { orderView } from '../orders/index.ts';
import type { ImportedNetwork, InvalidNetwork } from './import-network.service.ts';

/** The GraphQL answer to `importNetwork`. */
export function importAnswer(result: Result<ImportedNetwork, InvalidNetwork>) {
  if (!result.ok) {
    const message = 'Nothing was imported: the input has problems.';
    return { __typename: 'InvalidNetwork' as const, ...result.error, message };
  }
  const { network, conflicts } = result.value;
  return {
    __typename: 'Network' as const,
    stores: network.stores.size,
    workshops: network.workshops.size,
    services: network.services.size,
    lines: network.lines.size,
    conflicts: conflicts.map((conflict) => ({ ...conflict, order: orderView(conflict.order) })),
  };
}
