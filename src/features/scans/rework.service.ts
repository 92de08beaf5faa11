import { Injectable } from '@nestjs/common';

import type { PairData, PairOperation } from '../../core/goods/pair.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { Goods } from '../goods/index.ts';
import { PairReader } from './pair-reader.ts';
import { ScanDesk } from './scan-desk.service.ts';
import type { ReworkInput } from './scan-input.ts';
import { mayActAt, type GoodsCaller } from './sent-scan.ts';

export interface ReworkRefused {
  readonly code: 'UNKNOWN_TAG' | 'UNKNOWN_PLACE' | 'NOT_YOUR_PLACE' | 'NOT_FINISHED' | 'HANDED_OUT';
}

/** Has operations done again: a scan like others, so that it may come late or twice. */
@Injectable()
export class Rework {
  constructor(
    private readonly desk: ScanDesk,
    private readonly goods: Goods,
    private readonly reader: PairReader,
    private readonly clock: Clock,
  ) {}

  /** Only what was finished is done again, which stays finished: so a later try is decided alike. */
  async run(
    { requestKey, tag, placeCode, positions }: ReworkInput,
    caller: GoodsCaller,
  ): Promise<Result<PairData, ReworkRefused | RequestKeyReused>> {
    // First: nobody learns at other places than theirs which tags there are.
    if (!mayActAt(caller, placeCode)) return refuse({ code: 'NOT_YOUR_PLACE' });
    const pair = await this.find(tag);
    if (pair === undefined) return refuse({ code: 'UNKNOWN_TAG' });
    const chosen = positions.map((position) => pair.operations.find(finishedAt(position)));
    if (chosen.includes(undefined)) return refuse(await this.whyNot(pair, requestKey));
    const operations = (chosen as PairOperation[]).map(({ skill, units, dwellMin }) => ({
      skill,
      units,
      dwellMin,
    }));
    const [done] = await this.desk.take(
      [
        {
          id: requestKey,
          tag,
          kind: 'REWORK',
          placeCode,
          at: this.clock.now(),
          trip: null,
          toCode: null,
          shelf: null,
          skill: null,
          operations,
          photos: [],
        },
      ],
      caller,
    );
    switch (done!.outcome) {
      case 'APPLIED':
      case 'REPEATED':
        return ok((await this.find(tag))!);
      case 'ID_REUSED':
        return refuse({ code: 'REQUEST_KEY_REUSED' });
      case 'UNKNOWN_TAG':
      case 'UNKNOWN_PLACE':
      case 'NOT_YOUR_PLACE':
      case 'HANDED_OUT':
        return refuse({ code: done!.outcome });
      case 'WRONG_KIND_OF_PLACE':
      case 'UNKNOWN_TRIP':
      case 'TOO_OLD':
        throw new Error(`a rework was answered ${done!.outcome}`);
    }
  }

  /** A key that came before is told of first: its content was another one, of finished work. */
  private async whyNot(
    { id: pairId }: PairData,
    requestKey: string,
  ): Promise<ReworkRefused | RequestKeyReused> {
    const scans = await this.reader.scansOf(pairId);
    const isReused = scans.some(({ id }) => id === requestKey);
    return { code: isReused ? 'REQUEST_KEY_REUSED' : 'NOT_FINISHED' };
  }

  private async find(tag: string): Promise<PairData | undefined> {
    return (await this.goods.byTags([tag])).get(tag);
  }
}

const finishedAt =
  (wanted: number) =>
  (operation: PairOperation): boolean =>
    operation.position === wanted && operation.finishedAt !== null;
