import type { PairData, PairOperation, PairPlace } from '../../core/goods/pair.ts';
import type { EpochMs } from '../../core/time/time.ts';

/** A pair as {@link SELECT_PAIR} reads it. */
export interface PairRow {
  readonly id: string;
  readonly order_id: string;
  readonly item: number;
  readonly number: number;
  readonly tag: string;
  readonly condition: string | null;
  readonly place: PairPlace['kind'];
  readonly place_code: string;
  readonly trip_departs: Date | null;
  readonly to_code: string | null;
  readonly shelf: string | null;
  readonly since: Date;
  readonly operations: readonly PairOperation[] | null;
}

export function pairFrom(row: PairRow): PairData {
  const { id, item, number, tag, condition, shelf } = row;
  return {
    id,
    orderId: row.order_id,
    item,
    number,
    tag,
    condition,
    place: placeFrom(row),
    since: row.since.getTime(),
    shelf,
    operations: row.operations ?? [],
  };
}

function placeFrom({ place: kind, place_code: code, trip_departs, to_code }: PairRow): PairPlace {
  if (kind !== 'TRIP') return { kind, code };
  return { kind, lineCode: code, departs: trip_departs!.getTime(), toCode: to_code! };
}

/** Where a pair is, in the columns of its row. */
export function placeRow({ place, since }: Pick<PairData, 'place' | 'since'>) {
  const isOnTrip = place.kind === 'TRIP';
  return {
    place: place.kind,
    placeCode: isOnTrip ? place.lineCode : place.code,
    tripDeparts: isOnTrip ? instant(place.departs) : null,
    toCode: isOnTrip ? place.toCode : null,
    since: instant(since),
  };
}

export const instant = (at: EpochMs): string => new Date(at).toISOString();

export const instantOrNull = (at: EpochMs | null): string | null =>
  at === null ? null : instant(at);

/** Milliseconds of an instant, as a number in JSON. */
export const MS_OF = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

export const SELECT_PAIR = `
  SELECT p.id, p.order_id, p.item, p.number, p.tag, p.condition, p.place, p.place_code,
         p.trip_departs, p.to_code, p.shelf, p.since,
         (SELECT json_agg(json_build_object('position', position, 'skill', skill, 'units', units,
                   'dwellMin', dwell_min, 'origin', origin, 'findingId', finding_id,
                   'startedAt', ${MS_OF('started_at')}, 'finishedAt', ${MS_OF('finished_at')},
                   'workshopCode', workshop_code, 'shiftStart', ${MS_OF('shift_start')})
                 ORDER BY position)
            FROM pair_operation WHERE pair_id = p.id) AS operations
    FROM pair p`;
