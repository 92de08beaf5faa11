import {
  type Disruptions,
  type TripDisruption,
  type TripDisruptions,
} from '../../core/network/disruptions.ts';
import type { NetworkDocument } from '../../core/network/network-document.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { EpochMs } from '../../core/time/time.ts';

/** Something that is not as the chain's documents state it. */
export type DisruptionFacts =
  /** `code` is the store's. */
  | {
      readonly kind: 'CLOSE_STORE';
      readonly code: string;
      readonly start: EpochMs;
      readonly end: EpochMs;
    }
  /** Of a workshop, by start of the shift; a skill of null is all of them. */
  | {
      readonly kind: 'CUT_SHIFT';
      readonly code: string;
      readonly start: EpochMs;
      readonly skill: string | null;
      readonly units: number;
    }
  /** Of a line, by scheduled departure from the first stop. */
  | { readonly kind: 'CANCEL_TRIP'; readonly code: string; readonly start: EpochMs }
  | {
      readonly kind: 'DELAY_TRIP';
      readonly code: string;
      readonly start: EpochMs;
      readonly delayMin: number;
    };

/** A disruption as it is stored. */
export interface DisruptionRow {
  readonly id: string;
  readonly kind: DisruptionFacts['kind'];
  readonly code: string;
  readonly starts_at: Date;
  readonly ends_at: Date | null;
  readonly skill: string | null;
  readonly units: number | null;
  readonly delay_min: number | null;
}

export function factsOf(row: DisruptionRow): DisruptionFacts {
  const { kind, code, skill } = row;
  const start = row.starts_at.getTime();
  switch (kind) {
    case 'CLOSE_STORE':
      return { kind, code, start, end: row.ends_at!.getTime() };
    case 'CUT_SHIFT':
      return { kind, code, start, skill, units: row.units! };
    case 'CANCEL_TRIP':
      return { kind, code, start };
    case 'DELAY_TRIP':
      return { kind, code, start, delayMin: row.delay_min! };
  }
}

/**
 * All that stands of what was reported, in the order of the reports: of several for a trip the last delay
 * counts, and a trip that is cancelled stays so; of several cuts the least units.
 */
export function disruptionsOf(
  document: NetworkDocument,
  facts: readonly DisruptionFacts[],
): Disruptions {
  const trips = new Map<string, Map<EpochMs, TripDisruption>>();
  const shifts = new Map<string, Map<EpochMs, Map<string, number>>>();
  const closures = new Map<string, Interval[]>();
  for (const fact of facts) {
    switch (fact.kind) {
      case 'CLOSE_STORE':
        within(closures, fact.code, () => []).push({ start: fact.start, end: fact.end });
        break;
      case 'CUT_SHIFT': {
        const cuts = within(shifts, fact.code, () => new Map<EpochMs, Map<string, number>>());
        const units = within(cuts, fact.start, () => new Map<string, number>());
        for (const skill of skillsCut(document, fact)) {
          units.set(skill, Math.min(fact.units, units.get(skill) ?? Infinity));
        }
        break;
      }
      default: {
        const ofLine = within(trips, fact.code, () => new Map<EpochMs, TripDisruption>());
        ofLine.set(fact.start, tripDisruption(fact, ofLine));
      }
    }
  }
  return { trips, shifts, closures };
}

function tripDisruption(
  fact: Extract<DisruptionFacts, { kind: 'CANCEL_TRIP' | 'DELAY_TRIP' }>,
  before: TripDisruptions,
): TripDisruption {
  const known = before.get(fact.start);
  if (fact.kind === 'CANCEL_TRIP' || (known !== undefined && 'cancelled' in known)) {
    return { cancelled: true };
  }
  return { delayMin: fact.delayMin };
}

function skillsCut(
  { workshops }: NetworkDocument,
  { code, skill }: Extract<DisruptionFacts, { kind: 'CUT_SHIFT' }>,
): Iterable<string> {
  if (skill !== null) return [skill];
  const shifts = workshops.get(code)?.shifts ?? [];
  return new Set(shifts.flatMap(({ skills }) => skills.map((each) => each.skill)));
}

function within<Key, Value>(map: Map<Key, Value>, key: Key, empty: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = empty();
  map.set(key, made);
  return made;
}
