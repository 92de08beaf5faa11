import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import {
  decide,
  type AlreadyDecided,
  type DecidedAs,
  type DecidedTooLate,
  type Decision,
} from '../../core/findings/finding.ts';
import type { OrderData } from '../../core/orders/order.ts';
import { progressed } from '../../core/orders/progress.ts';
import type { NotBookable, RequestKeyReused } from '../../core/orders/refusals.ts';
import type { World } from '../../core/orders/world.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { StaffTasks } from '../deliveries/index.ts';
import {
  OrderChange,
  OrderNews,
  OrderReader,
  type OrderStep,
  type OrderWithClaims,
} from '../orders/index.ts';
import { FindingStore, type FindingData } from './finding-store.ts';
import { SettleFinding } from './settle-finding.ts';

export interface DecideRequest {
  readonly requestKey: string;
  readonly findingId: string;
  readonly decision: Decision;
  /** Of ASK, and of nothing else. */
  readonly question: string | null;
}

export interface UnknownFinding {
  readonly code: 'UNKNOWN_FINDING';
}

export type DecideRefusal = UnknownFinding | AlreadyDecided | DecidedTooLate | NotBookable;

/** Somebody whose word counts, or the rule that applies when nobody said one. */
export type Decider =
  | { readonly as: 'CUSTOMER' | 'STAFF'; readonly caller: SignedInCaller }
  | { readonly as: 'DEFAULT' };

interface Known {
  readonly before: OrderWithClaims | null;
  readonly finding: FindingData | null;
}

const BY_DEFAULT = { id: 'house-rules' };

/** Takes decisions on findings: each counts once, whoever comes first. */
@Injectable()
export class DecideFinding {
  constructor(
    private readonly change: OrderChange,
    private readonly reader: OrderReader,
    private readonly tasks: StaffTasks,
    private readonly store: FindingStore,
    private readonly settling: SettleFinding,
    private readonly news: OrderNews,
  ) {}

  /** @returns the finding as it stands right after it, also to a request that comes again */
  async run(
    request: DecideRequest,
    decider: Decider,
  ): Promise<Result<FindingData, DecideRefusal | RequestKeyReused>> {
    const { requestKey, ...content } = request;
    const decided = await this.change.run<DecideRefusal, Known>({
      caller: decider.as === 'DEFAULT' ? BY_DEFAULT : decider.caller,
      requestKey,
      operation: 'decideFinding',
      content,
      read: () => this.read(request.findingId, decider),
      decide: (world, known) => this.decide(world, request, decider, known),
    });
    if (!decided.ok) return decided;
    await this.tell(decided.value);
    const finding = (await this.store.byId(request.findingId))!;
    return ok(
      request.decision === 'ASK' ? await this.asAsked(finding, request, decided.value) : finding,
    );
  }

  /** Nothing changes a finding once it is decided; what was asked may have been decided since. */
  private async asAsked(
    finding: FindingData,
    { question }: DecideRequest,
    { id, version }: OrderData,
  ): Promise<FindingData> {
    const askedAt = await this.store.atVersion(id, version);
    return { ...finding, state: 'OPEN', question, askedAt, decidedAt: null, decidedAs: null };
  }

  /** Of the version in which the order is ready, which comes right after the decision. */
  private async tell({ id, version }: OrderData): Promise<void> {
    const order = (await this.reader.many([id]))[0]?.order;
    if (order !== undefined && order.version > version) this.news.tell(order);
  }

  /** The finding after its order: a decision in between makes another version of the order. */
  private async read(findingId: string, decider: Decider): Promise<Known> {
    const orderId = (await this.store.byId(findingId))?.orderId;
    if (orderId === undefined) return { before: null, finding: null };
    const before =
      decider.as === 'DEFAULT'
        ? ((await this.reader.many([orderId]))[0] ?? null)
        : await this.reader.byId(orderId, decider.caller);
    return { before, finding: await this.store.byId(findingId) };
  }

  private decide(
    world: World,
    request: DecideRequest,
    decider: Decider,
    { before, finding }: Known,
  ): Result<OrderStep, DecideRefusal> {
    if (before === null || finding === null) return refuse({ code: 'UNKNOWN_FINDING' });
    const next = decide(finding, request.decision, decider.as, world.now);
    if (!next.ok) return next;
    const kind = next.value === 'OPEN' ? 'FINDING_ASKED' : 'FINDING_DECIDED';
    const after = progressed(before.order, { kind });
    if (!after.ok) return after;
    const by = decider.as === 'DEFAULT' ? BY_DEFAULT.id : decider.caller.id;
    const change = { request, finding, by, as: decider.as, world };
    const { value: state } = next;
    return ok({
      before,
      after: after.value,
      event: { kind, details: { findingId: finding.id, tag: finding.tag, state } },
      also: (tx) =>
        state === 'OPEN'
          ? this.ask(tx, after.value, change)
          : this.settling.run(tx, { ...change, state, order: after.value }),
    });
  }

  /** Somebody answers them; their time to decide runs on. */
  private async ask(
    tx: EntityManager,
    order: OrderData,
    { request, finding, world }: Change,
  ): Promise<void> {
    await this.store.ask(tx, finding.id, request.question ?? '', world.now);
    const task = {
      kind: 'ANSWER_QUESTION',
      storeCode: finding.workshopCode,
      orderId: order.id,
      cause: `finding:${finding.id}:v${order.version}`,
      reason: 'FINDING_QUESTION',
    } as const;
    await this.tasks.raise(tx, [task], world.now);
  }
}

interface Change {
  readonly request: DecideRequest;
  readonly finding: FindingData;
  readonly by: string;
  readonly as: DecidedAs;
  readonly world: World;
}
