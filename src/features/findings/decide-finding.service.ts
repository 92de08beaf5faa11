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
import { run } from '../../platform/database/statement.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { StaffTasks } from '../deliveries/index.ts';
import { Outbox } from '../messages/index.ts';
import {
  OrderChange,
  OrderReader,
  Replans,
  type OrderStep,
  type OrderWithClaims,
} from '../orders/index.ts';
import { FindingStore, type FindingData } from './finding-store.ts';

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
    private readonly replans: Replans,
    private readonly tasks: StaffTasks,
    private readonly store: FindingStore,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the finding as it stands */
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
    return decided.ok ? ok((await this.store.byId(request.findingId))!) : decided;
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
          : this.settle(tx, { ...change, state }),
    });
  }

  private async settle(
    tx: EntityManager,
    { finding, state, by, as, world }: Change & { readonly state: 'APPROVED' | 'DECLINED' },
  ): Promise<void> {
    const { id, orderId, pairId, operations } = finding;
    await this.store.decide(tx, { id, state, by, as, at: world.now });
    if (state === 'APPROVED') {
      await run(tx, ADD_OPERATIONS, [pairId, id, JSON.stringify(operations)]);
    }
    // Whoever was not asked yet has nothing to decide any more.
    const versions = await this.store.toldWith(tx, finding);
    await this.outbox.withdrawOf(tx, 'FINDING', orderId, versions, world.now);
    await this.replans.ask(tx, [orderId], 'FINDING', world.now);
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

/** Behind what is to be done already. */
const ADD_OPERATIONS = {
  name: 'finding-add-operations',
  text: `
    INSERT INTO pair_operation (pair_id, position, skill, units, dwell_min, origin, finding_id)
    SELECT $1, last + at, operation->>'skill', (operation->>'units')::smallint,
           (operation->>'dwellMin')::integer, 'FINDING', $2
      FROM (SELECT coalesce(max(position), 0) AS last FROM pair_operation WHERE pair_id = $1) AS before,
           jsonb_array_elements($3::jsonb) WITH ORDINALITY AS given (operation, at)`,
};
