import { setImmediate as nextTurn } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, type Result } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Media } from '../media/index.ts';
import { OrderReader } from '../orders/index.ts';
import {
  DecideFinding,
  type Decider,
  type DecideRefusal,
  type DecideRequest,
} from './decide-finding.service.ts';
import { FindingStore, type FindingData } from './finding-store.ts';
import type { ShownFinding } from './finding.view.ts';
import { ReportFinding, type ReportRefusal, type ReportRequest } from './report-finding.service.ts';

/** Orders whose findings are about to be read together. */
interface Gathering {
  readonly orderIds: Set<string>;
  readonly read: Promise<readonly ShownFinding[]>;
}

/** Findings as they are shown. */
@Injectable()
export class Findings {
  private gathering: Gathering | undefined;

  constructor(
    private readonly store: FindingStore,
    private readonly reporting: ReportFinding,
    private readonly deciding: DecideFinding,
    private readonly reader: OrderReader,
    private readonly media: Media,
  ) {}

  async report(
    request: ReportRequest,
  ): Promise<Result<ShownFinding, ReportRefusal | RequestKeyReused>> {
    return this.shown(await this.reporting.run(request));
  }

  async decide(
    request: DecideRequest,
    decider: Decider,
  ): Promise<Result<ShownFinding, DecideRefusal | RequestKeyReused>> {
    return this.shown(await this.deciding.run(request, decider));
  }

  /** Null: no such order that the caller may see. */
  async seenBy(orderId: string, caller: SignedInCaller): Promise<readonly ShownFinding[] | null> {
    const found = await this.reader.byId(orderId.toLowerCase(), caller);
    return found === null ? null : this.ofOrder(found.order.id);
  }

  /**
   * Of one order that the caller may see, oldest first. All that are asked for at the same moment are read
   * together.
   */
  async ofOrder(orderId: string): Promise<readonly ShownFinding[]> {
    this.gathering ??= this.gather();
    const { orderIds, read } = this.gathering;
    orderIds.add(orderId);
    return (await read).filter(({ finding }) => finding.orderId === orderId);
  }

  private gather(): Gathering {
    const orderIds = new Set<string>();
    const read = nextTurn().then(async () => {
      this.gathering = undefined;
      return this.withPhotos(await this.store.ofOrders([...orderIds]));
    });
    return { orderIds, read };
  }

  private async withPhotos(findings: readonly FindingData[]): Promise<readonly ShownFinding[]> {
    const media = await this.media.byIds(findings.flatMap(({ mediaIds }) => mediaIds));
    const byId = new Map(media.map((medium) => [medium.id, medium]));
    return findings.map((finding) => ({
      finding,
      photos: finding.mediaIds.flatMap((id) => byId.get(id) ?? []),
    }));
  }

  private async shown<No extends { readonly code: string }>(
    result: Result<FindingData, No>,
  ): Promise<Result<ShownFinding, No>> {
    if (!result.ok) return result;
    const [shown] = await this.withPhotos([result.value]);
    return ok(shown!);
  }
}
