import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { PairData } from '../../core/goods/pair.ts';
import { compareScans } from '../../core/goods/scan.ts';
import { run } from '../../platform/database/statement.ts';
import { MS_OF, pairFrom, SELECT_PAIR, type PairRow } from '../goods/index.ts';
import { AskedTogether } from './asked-together.ts';
import { SCAN_JSON, type KeptScan, type PairPhoto } from './scan-rows.ts';
import type { GoodsCaller } from './sent-scan.ts';

type Photo = Omit<PairPhoto, 'orderId' | 'pairId' | 'scanId'>;

/** A picture of the work on a pair of an order. */
export interface Milestone extends Photo {
  /** Position of the item, from 1 on. */
  readonly item: number;
  /** Of the pair, within the order. */
  readonly number: number;
}

interface MilestoneRow {
  readonly order_id: string;
  readonly milestones: readonly Milestone[];
}

/** Reads pairs for those who have to do with them. */
@Injectable()
export class PairReader {
  private readonly scans = new AskedTogether<readonly KeptScan[]>(async (pairIds) => {
    const rows = await run<{ pair_id: string; scans: KeptScan[] }>(this.db, SCANS, [pairIds]);
    return new Map(rows.map((row) => [row.pair_id, row.scans]));
  });
  private readonly photos = new AskedTogether<readonly Photo[]>(async (pairIds) => {
    const rows = await run<{ pair_id: string; photos: Photo[] }>(this.db, PHOTOS, [pairIds]);
    return new Map(rows.map((row) => [row.pair_id, row.photos]));
  });

  private readonly milestones = new AskedTogether<readonly Milestone[]>(async (orderIds) => {
    const rows = await run<MilestoneRow>(this.db, MILESTONES, [orderIds]);
    return new Map(rows.map((row) => [row.order_id, row.milestones]));
  });

  constructor(private readonly db: DataSource) {}

  /** Null: there is none that the caller may see. */
  async byTag(tag: string, caller: GoodsCaller): Promise<PairData | null> {
    const places = caller.role === 'staff' ? caller.stores : null;
    const [row] = await run<PairRow>(this.db, BY_TAG, [tag, places]);
    return row === undefined ? null : pairFrom(row);
  }

  /** In order of time. Those of many pairs that are asked for at once are read in one statement. */
  async scansOf(pairId: string): Promise<readonly KeptScan[]> {
    return [...((await this.scans.of(pairId)) ?? [])].sort(compareScans);
  }

  /** Pictures of the work on all pairs of an order that the caller may see, in order of time. */
  async milestonesOf(orderId: string): Promise<readonly Milestone[]> {
    return (await this.milestones.of(orderId)) ?? [];
  }

  /** As {@link scansOf}. */
  async photosOf(pairId: string): Promise<readonly Photo[]> {
    return (await this.photos.of(pairId)) ?? [];
  }
}

/** Those of a store where the order begins or ends, and of every place that the pair is at or was. */
const BY_TAG = {
  name: 'pair-by-tag',
  text: `${SELECT_PAIR}
    WHERE p.tag = $1
      AND ($2::text[] IS NULL OR p.place_code = ANY ($2) OR p.to_code = ANY ($2)
           OR EXISTS (SELECT FROM scan s WHERE s.pair_id = p.id AND s.place_code = ANY ($2))
           OR EXISTS (SELECT FROM appointment a
                       WHERE a.order_id = p.order_id AND a.store_code = ANY ($2)))`,
};

const SCANS = {
  name: 'pair-scans',
  text: `
    SELECT s.pair_id, json_agg(${SCAN_JSON}) AS scans
      FROM scan s WHERE s.pair_id = ANY ($1::uuid[]) GROUP BY s.pair_id`,
};

const PHOTOS = {
  name: 'pair-photos',
  text: `
    SELECT pair_id, json_agg(json_build_object('mediaId', media_id, 'stage', stage,
             'caption', caption, 'at', ${MS_OF('at')}) ORDER BY at, media_id) AS photos
      FROM pair_photo WHERE pair_id = ANY ($1::uuid[]) GROUP BY pair_id`,
};

const MILESTONES = {
  name: 'pair-milestones',
  text: `
    SELECT p.order_id, json_agg(json_build_object('item', p.item, 'number', p.number,
             'mediaId', f.media_id, 'stage', f.stage, 'caption', f.caption, 'at', ${MS_OF('f.at')})
             ORDER BY f.at, f.media_id) AS milestones
      FROM pair p JOIN pair_photo f ON f.pair_id = p.id
     WHERE p.order_id = ANY ($1::uuid[]) GROUP BY p.order_id`,
};
