import type { PairData } from '../../core/goods/pair.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import type { ReworkRefused } from './rework.service.ts';
import type { KeptScan } from './scan-rows.ts';
import type { StrayPair, StrayPairs } from './strays.service.ts';

/** The GraphQL form of a pair; its history is asked for on its own. */
export const pairView = (pair: PairData) => ({
  __typename: 'Pair' as const,
  ...pair,
  place: placeView(pair.place),
  operations: pair.operations.map(({ dwellMin, ...operation }) => ({
    ...operation,
    dwellMinutes: dwellMin,
  })),
});

export type PairView = ReturnType<typeof pairView>;

function placeView(place: PairData['place']) {
  if (place.kind !== 'TRIP') return { ...place, lineCode: null, departs: null };
  const { kind, toCode: code, lineCode, departs } = place;
  return { kind, code, lineCode, departs };
}

export const scanView = ({ trip, ...scan }: KeptScan) => ({
  ...scan,
  lineCode: trip?.lineCode ?? null,
  departs: trip?.departs ?? null,
});

export const straysView = ({ pairs, next }: StrayPairs) => ({ pairs: pairs.map(strayView), next });

function strayView({ pair, deviation: { kind, expected } }: StrayPair) {
  const isRiding = expected.kind === 'RIDE';
  return {
    pair: pairView(pair),
    deviation: kind,
    expectedCode: isRiding ? expected.toCode : expected.code,
    expectedLineCode: isRiding ? expected.lineCode : null,
  };
}

/** The GraphQL answer to `rework`. */
export function reworkAnswer(result: Result<PairData, ReworkRefused | RequestKeyReused>) {
  if (result.ok) return pairView(result.value);
  const { code } = result.error;
  if (code === 'REQUEST_KEY_REUSED') {
    const message = 'This request key came before with another content.';
    return { __typename: 'RequestKeyReused' as const, code, message };
  }
  return { __typename: 'ReworkRefused' as const, code, message: REASONS[code] };
}

const REASONS: Readonly<Record<ReworkRefused['code'], string>> = {
  UNKNOWN_TAG: 'No pair has this tag.',
  UNKNOWN_PLACE: 'There is no such store or workshop.',
  NOT_YOUR_PLACE: 'You do not work there.',
  NOT_FINISHED: 'Only work that was finished is done again.',
  HANDED_OUT: 'The pair is with the customer.',
};
