import type { SignedInCaller } from '../../platform/signin/caller.ts';

/**
 * Headquarters see all; staff what begins or ends at a store of theirs; customers their own. A condition
 * on `customer_order o` with the first five parameters of {@link visibleTo}, of which the first is free.
 */
export const VISIBLE = `
  ($2::text = 'hq'
   OR ($2 = 'staff' AND EXISTS (
         SELECT FROM appointment a WHERE a.order_id = o.id AND a.store_code = ANY ($3::text[])))
   OR ($2 = 'customer' AND EXISTS (
         SELECT FROM contact p
          WHERE p.kind = $4::text AND p.value = $5::text AND p.customer_id = o.customer_id)))`;

/** Values of the parameters $2 to $5 of {@link VISIBLE}. */
export function visibleTo(caller: SignedInCaller): readonly unknown[] {
  const stores = caller.role === 'staff' ? caller.stores : [];
  const contact = caller.role === 'customer' ? caller.contact : { kind: null, value: null };
  return [caller.role, stores, contact.kind, contact.value];
}
