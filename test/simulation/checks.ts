import type { Network } from '../../src/core/network/network.ts';
import { checkInvariants, type Violation } from '../support/invariants.ts';
import type { TestService } from '../support/service.ts';
import { iso, type Ground } from './ground.ts';
import type { SimPair } from './order-book.ts';
import type { Sent } from './phones.ts';
import { vanName } from './vans.ts';

interface PairRow {
  readonly tag: string;
  readonly place: string;
  readonly place_code: string;
  readonly trip_departs: Date | null;
}

interface MessageRow {
  readonly id: string;
  readonly order_id: string;
  readonly kind: string;
  readonly occasion: string;
  readonly state: string;
  readonly due_at: Date;
  readonly deliveries: readonly string[];
}

/** Plans that were made anew are judged by the guard's own tests: these hold whatever happened. */
const ALWAYS: ReadonlySet<Violation['code']> = new Set([
  ...(['LEDGER_DIFFERS', 'CLAIMS_KEPT', 'CLAIMS_OF_NOBODY', 'INCOMPLETE_ORDER'] as const),
  ...(['EVENT_MISSING', 'EVENT_DIFFERS'] as const),
]);

/** All that must be true of the database whenever one looks. */
export class Checks {
  constructor(
    private readonly ground: Ground,
    private readonly service: TestService,
    private readonly network: Network,
  ) {}

  async all(sent: readonly Sent[]): Promise<void> {
    this.ground.tally.add('checkpoints');
    await this.ledger();
    await this.pairs();
    await this.messages(sent);
  }

  private async ledger(): Promise<void> {
    const { tally, agenda } = this.ground;
    const found = await checkInvariants(this.service.db, this.network, {
      isPlannedAnew: () => true,
    });
    for (const { code, of, detail } of found) {
      if (ALWAYS.has(code)) tally.flaw('LEDGER', agenda.now, `${code} ${of}: ${detail}`);
    }
  }

  /** Each is in exactly one place: the one that the last scan that came, by its own time, said. */
  private async pairs(): Promise<void> {
    const { tally, agenda, book } = this.ground;
    const rows = await this.service.rows<PairRow>(
      `SELECT tag, place, place_code, trip_departs FROM pair`,
    );
    const known = new Set<string>();
    for (const row of rows) {
      known.add(row.tag);
      const pair = book.pairs.get(row.tag);
      if (pair === undefined) tally.flaw('PAIR_UNKNOWN', agenda.now, row.tag);
      else this.placeOf(pair, row);
    }
    for (const tag of book.pairs.keys()) {
      if (!known.has(tag)) tally.flaw('PAIR_UNKNOWN', agenda.now, `${tag} is in no row`);
    }
  }

  private placeOf(pair: SimPair, row: PairRow): void {
    const { tally, agenda } = this.ground;
    // The scan that says so may still be on its way.
    if (pair.unsent > 0) return;
    const place = placeName(row);
    if (place === pair.told.place) return;
    const detail = `${row.tag} is at ${place}, and was last scanned at ${pair.told.place}`;
    tally.flaw('PAIR_ELSEWHERE', agenda.now, `${detail} ${iso(pair.told.at)}`);
  }

  private async messages(sent: readonly Sent[]): Promise<void> {
    const { tally, agenda } = this.ground;
    const rows = await this.service.rows<MessageRow>(
      `SELECT m.id, m.order_id, m.kind, m.occasion, m.state, m.due_at,
              array(SELECT d.id::text FROM delivery d WHERE d.message_id = m.id) AS deliveries
         FROM message m`,
    );
    const times = new Map<string, number>();
    for (const { deliveryId } of sent) times.set(deliveryId, (times.get(deliveryId) ?? 0) + 1);
    const owed = new Set<string>();
    for (const row of rows) {
      for (const id of row.deliveries) owed.add(id);
      this.messageOf(
        row,
        row.deliveries.reduce((sum, id) => sum + (times.get(id) ?? 0), 0),
      );
    }
    for (const one of sent) {
      if (!owed.has(one.deliveryId)) tally.flaw('SENT_UNOWED', agenda.now, JSON.stringify(one));
    }
    this.repeats(sent);
  }

  private messageOf(row: MessageRow, sent: number): void {
    const { tally, agenda } = this.ground;
    const { kind, order_id: order, occasion, state } = row;
    const what = `${kind} ${occasion} of ${order}: ${state}, sent ${sent} times`;
    if (sent > 1) tally.flaw('SENT_TWICE', agenda.now, what);
    const isDue = row.due_at.getTime() < agenda.now - 10 * 60_000;
    const isOverdue = (state === 'OWED' || state === 'OPEN') && isDue;
    const isLost = state === 'DONE' ? sent === 0 : state === 'FAILED' || isOverdue;
    if (isLost) tally.flaw('NOT_SENT', agenda.now, `${what}, due ${row.due_at.toISOString()}`);
  }

  /** Nobody is told the same thing of the same order twice at one moment. */
  private repeats(sent: readonly Sent[]): void {
    const { tally, agenda } = this.ground;
    const seen = new Set<string>();
    for (const { kind, orderId, at } of sent) {
      // Two pairs may have a finding each.
      if (kind === 'FINDING') continue;
      const key = `${kind} ${orderId} ${at}`;
      if (seen.has(key)) tally.flaw('SENT_TWICE', agenda.now, `${key} (${iso(at)})`);
      seen.add(key);
    }
  }
}

function placeName({ place, place_code: code, trip_departs: departs }: PairRow): string {
  if (place === 'TRIP') return vanName(code, departs!.getTime());
  return place === 'CUSTOMER' || place === 'MISSING' ? place : code;
}
