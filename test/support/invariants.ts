import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';

import { normalClaims, type Bucket, type Claim } from '../../src/core/claims/claim.ts';
import { limitOf } from '../../src/core/claims/limits.ts';
import { slotAt } from '../../src/core/counter/slots.ts';
import type { Network } from '../../src/core/network/network.ts';
import { claimFaults, differences } from './expected-claims.ts';
import { readState, type StoredOrder, type StoredState } from './stored-state.ts';

/** Something in the database that cannot be true of a chain that keeps its promises. */
export interface Violation {
  readonly code:
    | 'LEDGER_DIFFERS'
    | 'OVER_LIMIT'
    | 'NO_SUCH_WINDOW'
    | 'CLAIMS_KEPT'
    | 'CLAIMS_MISSING'
    | 'CLAIMS_OF_NOBODY'
    | 'CLAIMS_DIFFER'
    | 'INCOMPLETE_ORDER'
    | 'OFF_GRID'
    | 'EVENT_MISSING'
    | 'EVENT_DIFFERS'
    | 'KEY_WITHOUT_EFFECT'
    | 'ANSWER_LOST';
  /** Of an order, a hold or a bucket. */
  readonly of: string;
  readonly detail: string;
}

/** Something that the service answered, so it must be there for ever. */
export type Acknowledged =
  | {
      readonly is: 'order';
      readonly id: string;
      readonly version: number;
      readonly ticketCode: string;
      readonly status: string;
    }
  | { readonly is: 'hold'; readonly id: string };

export interface CheckTerms {
  /** The same chain with other numbers, in force at some time: a limit is the highest of them all. */
  readonly earlier?: readonly Network[];
  /** Where staff went over the limit on purpose. */
  readonly isOverridden?: (bucket: Bucket) => boolean;
  readonly acknowledged?: readonly Acknowledged[];
  /** Orders whose claims are not only those of the way that they promise: they were planned anew. */
  readonly isPlannedAnew?: (order: StoredOrder) => boolean;
}

/**
 * All that must be true of the database at any moment, however many work on it: the ledger is the sum of
 * what orders and holds have taken, nobody has more than their promise needs or the chain has, and
 * whatever was answered is there, whole.
 *
 * Reads one snapshot; may run while the service works. `network` needs the hours, timetables, shifts and
 * services that the orders were planned on; its limits may be others.
 */
export async function checkInvariants(
  db: pg.Pool,
  network: Network,
  terms: CheckTerms = {},
): Promise<readonly Violation[]> {
  return violationsIn(await readState(db), network, terms);
}

/** As {@link checkInvariants}, of what was read already. */
export function violationsIn(
  state: StoredState,
  network: Network,
  terms: CheckTerms = {},
): readonly Violation[] {
  return [
    ...ledgerFaults(state),
    ...limitFaults(state, network, terms),
    ...ownerFaults(state),
    ...state.orders.flatMap((order) => orderFaults(state, network, order, terms)),
    ...eventFaults(state),
    ...keyFaults(state),
    ...answerFaults(state, terms.acknowledged ?? []),
  ];
}

function ledgerFaults({ ledger, claims }: StoredState): Violation[] {
  return differences(ledger, [...claims.values()].flat()).map((detail) => ({
    code: 'LEDGER_DIFFERS',
    of: 'ledger',
    detail: `against the sum of all claims: ${detail}`,
  }));
}

/** Of what is really taken: of the claims too, if the ledger should be wrong. */
function limitFaults({ ledger, claims }: StoredState, network: Network, terms: CheckTerms) {
  const networks = [network, ...(terms.earlier ?? [])];
  const taken = new Map<string, Claim>();
  for (const claim of [...ledger, ...normalClaims([...claims.values()].flat())]) {
    const key = `${claim.resource} ${new Date(claim.start).toISOString()}`;
    if (claim.amount > (taken.get(key)?.amount ?? 0)) taken.set(key, claim);
  }
  return [...taken].flatMap(([key, claim]): Violation[] => {
    if (terms.isOverridden?.(claim) === true) return [];
    const limits = networks.map((each) => limitOf(each, claim)).filter((it) => it !== undefined);
    if (limits.length === 0) return [{ code: 'NO_SUCH_WINDOW', of: key, detail: 'has claims' }];
    const limit = Math.max(...limits.map((each) => each ?? Infinity));
    if (claim.amount <= limit) return [];
    return [{ code: 'OVER_LIMIT', of: key, detail: `${claim.amount} taken of ${limit}` }];
  });
}

/** Who must own nothing, who must own something, and what nobody owns. */
function ownerFaults({ claims, orders, holds }: StoredState): Violation[] {
  const over = [
    ...orders.filter(({ status }) => status === 'CANCELLED'),
    ...holds.filter(({ ended }) => ended),
  ];
  const kept = over.filter(({ id }) => (claims.get(id) ?? []).length > 0);
  const current = holds.filter(({ ended }) => !ended);
  const missing = [...orders, ...current].filter(({ id }) => !claims.has(id));
  const known = new Set([...orders, ...holds].map(({ id }) => id));
  return [
    ...kept.map(({ id }) => violation('CLAIMS_KEPT', id, 'is over and still has claims')),
    ...missing.map(({ id }) => violation('CLAIMS_MISSING', id, 'has no claims')),
    ...[...claims.keys()]
      .filter((id) => !known.has(id))
      .map((id) => violation('CLAIMS_OF_NOBODY', id, 'is neither order nor hold')),
    ...current.flatMap(({ id, proposal }) =>
      differences(claims.get(id) ?? [], proposal.claims).map((detail) =>
        violation('CLAIMS_DIFFER', id, `against what it holds: ${detail}`),
      ),
    ),
  ];
}

function orderFaults(
  state: StoredState,
  network: Network,
  order: StoredOrder,
  terms: CheckTerms,
): Violation[] {
  const { id, items, appointments } = order;
  const [dropOff, pickUp] = appointments;
  if (appointments.length !== 2 || dropOff?.kind !== 'DROP_OFF' || pickUp?.kind !== 'PICK_UP') {
    return [violation('INCOMPLETE_ORDER', id, `has ${appointments.length} appointments`)];
  }
  if (items.length === 0) return [violation('INCOMPLETE_ORDER', id, 'has no items')];
  if (order.status === 'CANCELLED' || terms.isPlannedAnew?.(order) === true) return [];
  const offGrid = appointments.filter((visit) => {
    const store = network.stores.get(visit.storeCode);
    return store === undefined || slotAt(store, visit.start)?.end !== visit.end;
  });
  const promised = { items, dropOff, pickUp, ...order.promise };
  return [
    ...offGrid.map((visit) => violation('OFF_GRID', id, JSON.stringify(visit))),
    ...claimFaults(network, promised, state.claims.get(id) ?? []).map((detail) =>
      violation('CLAIMS_DIFFER', id, `against what it promises: ${detail}`),
    ),
  ];
}

/** An event for each version, and the last one tells how the order is now. */
function eventFaults({ orders, events }: StoredState): Violation[] {
  return orders.flatMap(({ appointments, ...order }) => {
    const logged = events.get(order.id) ?? [];
    const versions = logged.map(({ version }) => version);
    const wanted = Array.from({ length: order.version }, (_, at) => at + 1);
    if (!isDeepStrictEqual(versions, wanted)) {
      const detail = `is at version ${order.version} with events of ${versions.join(', ')}`;
      return [violation('EVENT_MISSING', order.id, detail)];
    }
    const [dropOff, pickUp] = appointments;
    const now = { ...order, dropOff, pickUp };
    const { after } = logged.at(-1)!;
    if (isDeepStrictEqual(after, now)) return [];
    const detail = `${JSON.stringify(now)} against its event ${JSON.stringify(after)}`;
    return [violation('EVENT_DIFFERS', order.id, detail)];
  });
}

function keyFaults({ keys, events, holds, effects: others }: StoredState): Violation[] {
  const effects = new Set([
    ...[...events.values()].flat().map(({ id }) => id),
    ...holds.map(({ id }) => id),
    ...others,
  ]);
  return keys
    .filter(({ answer_id }) => !effects.has(answer_id))
    .map(({ key, answer_id }) => violation('KEY_WITHOUT_EFFECT', answer_id, `of key ${key}`));
}

function answerFaults(
  { events, holds }: StoredState,
  acknowledged: readonly Acknowledged[],
): Violation[] {
  const known = new Set(holds.map(({ id }) => id));
  const isThere = (answer: Acknowledged): boolean => {
    if (answer.is === 'hold') return known.has(answer.id);
    const event = events.get(answer.id)?.find(({ version }) => version === answer.version);
    return event?.after.ticketCode === answer.ticketCode && event.after.status === answer.status;
  };
  return acknowledged
    .filter((answer) => !isThere(answer))
    .map((answer) => violation('ANSWER_LOST', answer.id, JSON.stringify(answer)));
}

function violation(code: Violation['code'], of: string, detail: string): Violation {
  return { code, of, detail };
}
