import { v7 as newId } from 'uuid';

import { deviationOf } from '../../core/goods/expected.ts';
import type { FindingTimes } from '../../core/goods/fold-work.ts';
import { foldPair, isSamePlace, type FoldedPair } from '../../core/goods/fold.ts';
import { newsOfScans } from '../../core/goods/order-news.ts';
import type { PairData, PairOperation } from '../../core/goods/pair.ts';
import { isTooOld } from '../../core/goods/scan.ts';
import { spanOf } from '../../core/goods/trips.ts';
import { usedShift } from '../../core/goods/used-shift.ts';
import type { Network } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { OrderUpdate, OrderWithClaims, ReplanCause } from '../orders/index.ts';
import type { KeptScan, PairPhoto, ScanWrites } from './scan-rows.ts';
import {
  isSameScan,
  type NotKept,
  type ScanContent,
  type ScanOutcome,
  type SentScan,
} from './sent-scan.ts';

/** All that is known of the orders that a batch touches. */
export interface KnownGoods {
  readonly orders: readonly OrderWithClaims[];
  readonly pairs: ReadonlyMap<string, readonly PairData[]>;
  readonly scans: ReadonlyMap<string, readonly KeptScan[]>;
  readonly findings: ReadonlyMap<string, readonly FindingTimes[]>;
}

/** What a batch comes to. */
export interface BatchEffect {
  readonly writes: ScanWrites;
  readonly updates: readonly OrderUpdate[];
  /** Why orders are to be planned again. */
  readonly replans: ReadonlyMap<string, ReplanCause>;
  /** Of the scans that were given, in their order. */
  readonly outcomes: readonly ScanOutcome[];
}

interface Work {
  readonly scans: KeptScan[];
  readonly judged: { pairId: string; id: string; discrepancies: KeptScan['discrepancies'] }[];
  readonly pairs: Pick<PairData, 'id' | 'place' | 'since' | 'shelf'>[];
  readonly operations: (PairOperation & { readonly pairId: string })[];
  readonly photos: PairPhoto[];
}

/** A pair of a touched order, before and after. */
interface TurnedPair {
  readonly pair: PairData;
  readonly folded: FoldedPair;
  readonly isTouched: boolean;
}

/**
 * What a batch of scans makes of its pairs and orders, decided on what is locked and read. Each order
 * changes once, whatever befalls its pairs.
 */
export class ScanBatch {
  private readonly work: Work = { scans: [], judged: [], pairs: [], operations: [], photos: [] };
  private readonly updates: OrderUpdate[] = [];
  private readonly replans = new Map<string, ReplanCause>();
  private readonly outcomes = new Map<SentScan, ScanOutcome>();

  constructor(
    private readonly known: KnownGoods,
    private readonly network: Network,
    private readonly actor: string,
    private readonly now: EpochMs,
  ) {}

  run(sent: readonly SentScan[]): BatchEffect {
    const byTag = new Map<string, SentScan[]>();
    for (const scan of sent) {
      const others = byTag.get(scan.tag);
      if (others === undefined) byTag.set(scan.tag, [scan]);
      else others.push(scan);
    }
    for (const order of this.known.orders) this.turnOrder(order, byTag);
    const { work: writes, updates, replans } = this;
    const outcomes = sent.map((scan) => this.outcomes.get(scan) ?? outcome(scan, 'UNKNOWN_TAG'));
    return { writes, updates, replans, outcomes };
  }

  private turnOrder(order: OrderWithClaims, byTag: ReadonlyMap<string, readonly SentScan[]>): void {
    const pairs = this.known.pairs.get(order.order.id) ?? [];
    const turned = pairs.map((pair) => this.turnPair(order, pair, byTag.get(pair.tag) ?? []));
    this.updateOrder(order, turned);
    this.askReplans(order, turned);
  }

  private turnPair(order: OrderWithClaims, pair: PairData, sent: readonly SentScan[]): TurnedPair {
    const before = this.known.scans.get(pair.id) ?? [];
    const fresh = this.newScans(order, pair, sent, before);
    const received = before.find(({ kind }) => kind === 'RECEIVED');
    const start = received ?? { placeCode: order.order.dropOff.storeCode, at: 0 };
    const { wrong, ...state } = foldPair(
      {
        received: { storeCode: start.placeCode, at: start.at },
        operations: pair.operations,
        findings: this.known.findings.get(pair.id) ?? [],
        scans: [...before, ...fresh],
      },
      this.network,
    );
    const operations = this.withShifts(state.operations, pair, order);
    const folded = { ...state, wrong, operations };
    if (fresh.length > 0) this.write(pair, folded, before, fresh);
    this.answer(folded, sent);
    return { pair, folded, isTouched: fresh.length > 0 };
  }

  /** Those that did not come before, by this batch or an earlier one. */
  private newScans(
    order: OrderWithClaims,
    pair: PairData,
    sent: readonly SentScan[],
    before: readonly KeptScan[],
  ): readonly KeptScan[] {
    const known = new Map<string, ScanContent>(before.map((scan) => [scan.id, scan]));
    const fresh: KeptScan[] = [];
    for (const scan of sent) {
      const earlier = known.get(scan.id);
      if (earlier !== undefined) {
        this.outcomes.set(
          scan,
          outcome(scan, isSameScan(earlier, scan) ? 'REPEATED' : 'ID_REUSED'),
        );
        continue;
      }
      const refused = this.refusalOf(scan, pair);
      if (refused !== null) {
        this.outcomes.set(scan, outcome(scan, refused));
        continue;
      }
      this.outcomes.set(scan, outcome(scan, 'APPLIED'));
      known.set(scan.id, scan);
      const kept = this.kept(scan, pair, order);
      fresh.push(kept);
      for (const photo of scan.photos) {
        const { id: scanId, pairId, at } = kept;
        this.work.photos.push({ ...photo, orderId: pair.orderId, pairId, scanId, at });
      }
    }
    return fresh;
  }

  /** Of a scan that did not come before. */
  private refusalOf({ kind, at }: SentScan, { place }: PairData): NotKept | null {
    if (kind === 'REWORK' && place.kind === 'CUSTOMER') return 'HANDED_OUT';
    return isTooOld(at, this.now) ? 'TOO_OLD' : null;
  }

  /** With what is known when it comes: so it means the same whenever it is read again. */
  private kept(scan: SentScan, pair: PairData, order: OrderWithClaims): KeptScan {
    const { id, kind, placeCode, trip, toCode, shelf, skill, operations } = scan;
    const kept: KeptScan = {
      ...{ id, kind, placeCode, trip, toCode, shelf, skill, operations },
      pairId: pair.id,
      isListed: true,
      at: Math.min(scan.at, this.now),
      receivedAt: this.now,
      actor: this.actor,
      discrepancies: [],
    };
    return scan.kind === 'LOADED' ? { ...kept, ...this.boarding(scan, order) } : kept;
  }

  /** Where the pair gets off: as the scanner says, else as planned, else at the last stop. */
  private boarding({ trip, placeCode, toCode }: SentScan, { order }: OrderWithClaims) {
    const line = this.network.lines.get(trip!.lineCode)!;
    const step = order.promise.steps.find(
      (candidate) =>
        candidate.fromCode === placeCode && spanOf(line, trip!.departs, candidate) !== null,
    );
    const to = toCode ?? step?.toCode ?? line.stops.at(-1)!.code;
    return { toCode: to, isListed: step?.toCode === to };
  }

  /** Work that was known to be finished used the shift that it was found to use then. */
  private withShifts(
    operations: readonly PairOperation[],
    pair: PairData,
    { claims }: OrderWithClaims,
  ): readonly PairOperation[] {
    return operations.map((operation) => {
      const { position, skill, finishedAt, workshopCode } = operation;
      if (finishedAt === null) return operation;
      const was = pair.operations.find((it) => it.position === position);
      const isKnown =
        was?.finishedAt === finishedAt && was.skill === skill && was.workshopCode === workshopCode;
      if (isKnown) return { ...operation, shiftStart: was.shiftStart };
      const workshop = this.network.workshops.get(workshopCode!);
      if (workshop === undefined) return operation;
      return { ...operation, shiftStart: usedShift(claims, workshop, skill, finishedAt) };
    });
  }

  private write(
    pair: PairData,
    folded: FoldedPair,
    before: readonly KeptScan[],
    fresh: readonly KeptScan[],
  ): void {
    const { work } = this;
    const judge = ({ id }: KeptScan) => folded.wrong.get(id) ?? [];
    for (const scan of fresh) work.scans.push({ ...scan, discrepancies: judge(scan) });
    for (const scan of before) {
      const discrepancies = judge(scan);
      if (discrepancies.join() === scan.discrepancies.join()) continue;
      work.judged.push({ pairId: pair.id, id: scan.id, discrepancies });
    }
    const { place, since, shelf } = folded;
    if (!isSameRow(pair, folded)) work.pairs.push({ id: pair.id, place, since, shelf });
    const was = new Map(pair.operations.map((it) => [it.position, JSON.stringify(it)]));
    for (const operation of folded.operations) {
      if (was.get(operation.position) === JSON.stringify(operation)) continue;
      work.operations.push({ ...operation, pairId: pair.id });
    }
  }

  private answer(folded: FoldedPair, sent: readonly SentScan[]): void {
    for (const scan of sent) {
      const known = this.outcomes.get(scan)!;
      const discrepancies = folded.wrong.get(scan.id) ?? [];
      if (known.outcome !== 'ID_REUSED') this.outcomes.set(scan, { ...known, discrepancies });
    }
  }

  private updateOrder({ order }: OrderWithClaims, turned: readonly TurnedPair[]): void {
    if (!turned.some(({ isTouched }) => isTouched)) return;
    const pairs = turned.map(({ pair, folded }) => ({
      item: pair.item,
      workBefore: pair.operations,
      after: folded,
    }));
    const news = newsOfScans(order, pairs, this.network.services);
    if (news === null) return;
    const { kind, status, details } = news;
    const after = { ...order, status, version: order.version + 1 };
    const event = { id: newId(), kind, details, actor: this.actor, at: this.now };
    this.updates.push({ before: order, after, event });
  }

  private askReplans({ order }: OrderWithClaims, turned: readonly TurnedPair[]): void {
    const touched = turned.filter(({ isTouched }) => isTouched);
    const isOff = touched.some(
      ({ folded }) => deviationOf(folded, order.promise.steps, this.now, this.network) !== null,
    );
    const isAgain = touched.some(
      ({ pair, folded }) => folded.operations.length > pair.operations.length,
    );
    if (isAgain) this.replans.set(order.id, 'REWORK');
    else if (isOff) this.replans.set(order.id, 'DISCREPANCY');
  }
}

const outcome = (scan: SentScan, what: ScanOutcome['outcome']): ScanOutcome => ({
  id: scan.id,
  tag: scan.tag,
  outcome: what,
  discrepancies: [],
  refusedMediaIds: [],
});

function isSameRow(pair: PairData, { place, since, shelf }: FoldedPair): boolean {
  if (pair.since !== since || pair.shelf !== shelf || !isSamePlace(pair.place, place)) return false;
  return place.kind !== 'TRIP' || place.toCode === (pair.place as typeof place).toCode;
}
