import { Injectable } from '@nestjs/common';
import { v7 as newId, validate as isUuid } from 'uuid';

import type { PairData, PairOperation } from '../../core/goods/pair.ts';
import { isSameWork } from '../../core/findings/finding.ts';
import { goodsNow } from '../../core/guard/goods-now.ts';
import { plannedWay } from '../../core/guard/planned-way.ts';
import { priceOfOrder } from '../../core/handovers/receive.ts';
import type { Network, Operation } from '../../core/network/network.ts';
import type { OrderData } from '../../core/orders/order.ts';
import { progressed } from '../../core/orders/progress.ts';
import type { NotBookable, RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Goods } from '../goods/index.ts';
import { Media } from '../media/index.ts';
import { OrderChange, OrderReader, type OrderStep, type OrderWithClaims } from '../orders/index.ts';
import { FindingStore, type FindingData } from './finding-store.ts';
import { HouseRules, type HouseRulesData } from './house-rules.ts';

export interface ReportRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  /** In the form of `readTag`. */
  readonly tag: string;
  readonly workshopCode: string;
  readonly explanation: string;
  readonly mediaIds: readonly string[];
  readonly priceMinor: number;
  readonly currency: string;
  /** At least one. */
  readonly operations: readonly Operation[];
}

export interface NotReportable {
  readonly code:
    | 'UNKNOWN_TAG'
    | 'NOT_HERE'
    | 'UNKNOWN_SKILL'
    | 'UNKNOWN_MEDIA'
    /** The order is not paid in it. */
    | 'OTHER_CURRENCY'
    /** The customer is being asked for just this already. */
    | 'ALREADY_REPORTED';
}

export type ReportRefusal = NotReportable | NotBookable;

interface Known {
  /** Null: no pair has the tag. */
  readonly before: OrderWithClaims | null;
  readonly pairs: readonly PairData[];
  readonly rules: HouseRulesData;
  /** Of the order. */
  readonly findings: readonly FindingData[];
  readonly hasMisfits: boolean;
  readonly photoUrl: string | null;
}

const HOUR_MS = 60 * MINUTE_MS;

/** Takes in what workshops find, plans for either answer, and asks the customer. */
@Injectable()
export class ReportFinding {
  constructor(
    private readonly change: OrderChange,
    private readonly reader: OrderReader,
    private readonly goods: Goods,
    private readonly media: Media,
    private readonly rules: HouseRules,
    private readonly store: FindingStore,
  ) {}

  async run(
    request: ReportRequest,
  ): Promise<Result<FindingData, ReportRefusal | RequestKeyReused>> {
    const { caller, requestKey, ...content } = request;
    const reported = await this.change.run<ReportRefusal, Known>({
      caller,
      requestKey,
      operation: 'reportFinding',
      content,
      read: () => this.read(request),
      decide: (world, known) => this.decide(world, request, known),
    });
    if (!reported.ok) return reported;
    const { id, version } = reported.value;
    return ok(asReported((await this.store.byVersion(id, version))!));
  }

  /** The order before its pairs: whatever changes them afterwards makes another version of it. */
  private async read({ tag, mediaIds, caller }: ReportRequest): Promise<Known> {
    const rules = await this.rules.standing();
    const none = { before: null, pairs: [], findings: [] };
    const known = { ...none, rules, hasMisfits: false, photoUrl: null };
    const orderId = (await this.goods.byTags([tag])).get(tag)?.orderId;
    if (orderId === undefined) return known;
    const [before = null] = await this.reader.many([orderId]);
    const pairs = (await this.goods.ofOrders([orderId])).get(orderId)!;
    const findings = await this.store.ofOrders([orderId]);
    const media = await this.media.byIds(mediaIds.filter((id) => isUuid(id)));
    const fit = media.filter((medium) =>
      medium.orderId === null ? medium.uploadedBy === caller.id : medium.orderId === orderId,
    );
    const picture = media.find(({ kind }) => kind === 'IMAGE');
    const ttlMs = rules.findingDecideHours * HOUR_MS + DAY_MS;
    const photoUrl = picture === undefined ? null : await this.media.photoUrl(picture.id, ttlMs);
    const hasMisfits = fit.length < mediaIds.length;
    return { before, pairs, rules, findings, hasMisfits, photoUrl };
  }

  private decide(
    world: World,
    request: ReportRequest,
    known: Known,
  ): Result<OrderStep, ReportRefusal> {
    const { before, pairs } = known;
    const pair = pairs.find(({ tag }) => tag === request.tag);
    if (before === null || pair === undefined) return refuse({ code: 'UNKNOWN_TAG' });
    const { place } = pair;
    if (place.kind !== 'WORKSHOP' || place.code !== request.workshopCode) {
      return refuse({ code: 'NOT_HERE' });
    }
    if (!knowsSkills(world.network, request.operations)) return refuse({ code: 'UNKNOWN_SKILL' });
    if (known.hasMisfits) return refuse({ code: 'UNKNOWN_MEDIA' });
    if (!isPaidIn(before.order, request.currency, world.network)) {
      return refuse({ code: 'OTHER_CURRENCY' });
    }
    const isReported = known.findings.some(
      (one) => one.state === 'OPEN' && one.pairId === pair.id && isSameWork(one, request),
    );
    if (isReported) return refuse({ code: 'ALREADY_REPORTED' });
    const after = progressed(before.order, { kind: 'FINDING_REPORTED' });
    if (!after.ok) return after;
    return ok(this.step(world, request, known, { before, pair, after: after.value }));
  }

  private step(
    world: World,
    request: ReportRequest,
    known: Known,
    { before, pair, after }: Reported,
  ): OrderStep {
    const { operations, caller, tag, workshopCode, explanation } = request;
    const { priceMinor, currency, mediaIds } = request;
    const plan = (pairs: readonly PairData[]) => readyBy(world, before, pairs);
    const withMore = { ...pair, operations: [...pair.operations, ...more(pair, operations)] };
    const decideBy = world.now + known.rules.findingDecideHours * HOUR_MS;
    const { findingReminderHours } = known.rules;
    const finding = {
      id: newId(),
      workshopCode,
      explanation,
      priceMinor,
      currency,
      mediaIds,
      orderId: after.id,
      pairId: pair.id,
      operations,
      readyIfApproved: plan(known.pairs.map((one) => (one === pair ? withMore : one))),
      readyIfDeclined: plan(known.pairs),
      orderVersion: after.version,
      reportedAt: world.now,
      decideBy,
      remindAt: findingReminderHours === null ? null : decideBy - findingReminderHours * HOUR_MS,
    };
    const { readyIfApproved, id: findingId } = finding;
    const told = { explanation, priceMinor, currency, readyBy: readyIfApproved };
    const { photoUrl } = known;
    const details = { findingId, tag, items: [pair.item - 1], ...told, photoUrl };
    return {
      before,
      after,
      event: { kind: 'FINDING_REPORTED', details },
      also: async (tx) => {
        const misfits = await this.media.attach(tx, mediaIds, after.id, caller.id);
        if (misfits.length > 0) throw new Error('media changed hands while a finding was reported');
        await this.store.insert(tx, finding, caller.id);
      },
    };
  }
}

/** As the first answer has it, whatever came of it since. */
const asReported = (finding: FindingData): FindingData => ({
  ...finding,
  ...{ state: 'OPEN', question: null, askedAt: null, decidedAt: null, decidedAs: null },
});

/** An order without any price may be paid in anything. */
function isPaidIn({ items }: OrderData, currency: string, { services }: Network): boolean {
  const prices = priceOfOrder(items, services);
  return prices.length === 0 || prices.some((price) => price.currency === currency);
}

interface Reported {
  readonly before: OrderWithClaims;
  readonly pair: PairData;
  readonly after: OrderData;
}

/** When the order would be ready with this work left, all that it has taken seen as free; null: no way. */
function readyBy(
  world: World,
  { order, claims }: OrderWithClaims,
  pairs: readonly PairData[],
): EpochMs | null {
  const goods = goodsNow(world, order, pairs);
  if (goods === null || goods.groups.length === 0) return null;
  const way = plannedWay(world, { order, claims, pairs }, goods);
  return way.ok ? way.value.plan.readyBy : null;
}

function more({ operations }: PairData, found: readonly Operation[]): readonly PairOperation[] {
  return found.map((operation, at) => ({
    ...operation,
    position: operations.length + at + 1,
    origin: 'FINDING',
    findingId: null,
    startedAt: null,
    finishedAt: null,
    workshopCode: null,
    shiftStart: null,
  }));
}

function knowsSkills({ workshops }: Network, operations: readonly Operation[]): boolean {
  const known = new Set(
    [...workshops.values()].flatMap(({ shifts }) =>
      shifts.flatMap(({ units }) => [...units.keys()]),
    ),
  );
  return operations.every(({ skill }) => known.has(skill));
}
