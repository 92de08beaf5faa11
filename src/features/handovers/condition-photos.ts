import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { run } from '../../platform/database/statement.ts';
import type { NewPair } from './new-pairs.ts';

/** Pictures of pairs as they were handed in. */
@Injectable()
export class ConditionPhotos {
  constructor(private readonly db: DataSource) {}

  async write(tx: EntityManager, pairs: readonly NewPair[]): Promise<void> {
    const rows = pairs.flatMap(({ pair, mediaIds }) =>
      mediaIds.map((mediaId, at) => ({ pairId: pair.id, position: at + 1, mediaId })),
    );
    if (rows.length > 0) await run(tx, WRITE, [JSON.stringify(rows)]);
  }

  /** Ids of media, in order, by id of pair. */
  async ofPairs(pairIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await run<{ pair_id: string; media_ids: string[] }>(this.db, OF_PAIRS, [pairIds]);
    return new Map(rows.map(({ pair_id, media_ids }) => [pair_id, media_ids]));
  }
}

const WRITE = {
  name: 'condition-photos-write',
  text: `INSERT INTO condition_photo (pair_id, position, media_id)
         SELECT "pairId", position, "mediaId"
           FROM jsonb_to_recordset($1::jsonb) AS given ("pairId" uuid, position smallint, "mediaId" uuid)`,
};

const OF_PAIRS = {
  name: 'condition-photos-of-pairs',
  text: `SELECT pair_id, array_agg(media_id::text ORDER BY position) AS media_ids
           FROM condition_photo WHERE pair_id = ANY ($1::uuid[]) GROUP BY pair_id`,
};
