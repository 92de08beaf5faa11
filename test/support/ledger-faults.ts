import { checkInvariants } from './invariants.ts';
import type { TestService } from './service.ts';
import { storedNetwork } from './stored-state.ts';

/** What an order under way still has by right: see the rules of receiving, of re-planning and of hand-outs. */
const OF_ORDERS_BEFORE_THEIR_GOODS_COME = new Set(['CLAIMS_DIFFER', 'OFF_GRID']);

/** All that must be true of the database also while goods are under way; empty: it is. */
export async function ledgerFaults(
  service: TestService,
  isOverridden: () => boolean = () => false,
): Promise<readonly string[]> {
  const network = await storedNetwork(service.db);
  const faults = await checkInvariants(service.db, network, { isOverridden });
  return faults
    .filter(({ code }) => !OF_ORDERS_BEFORE_THEIR_GOODS_COME.has(code))
    .map(({ code, of, detail }) => `${code} ${of}: ${detail.slice(0, 300)}`);
}
