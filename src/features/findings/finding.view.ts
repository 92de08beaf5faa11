import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import { mediaView, type Medium } from '../media/index.ts';
import { orderRefusalView } from '../orders/index.ts';
import type { DecideRefusal } from './decide-finding.service.ts';
import type { FindingData } from './finding-store.ts';
import type { NotReportable, ReportRefusal } from './report-finding.service.ts';

/** A finding with its pictures. */
export interface ShownFinding {
  readonly finding: FindingData;
  readonly photos: readonly Medium[];
}

/** The GraphQL form of a finding. */
export function findingView({ finding, photos }: ShownFinding) {
  const { priceMinor: minor, currency, operations, ...rest } = finding;
  return {
    __typename: 'Finding' as const,
    ...rest,
    price: { minor, currency },
    operations: operations.map(({ skill, units, dwellMin: dwellMinutes }) => ({
      skill,
      units,
      dwellMinutes,
    })),
    photos: photos.map(mediaView),
  };
}

/** The GraphQL answer to `reportFinding`. */
export function reportAnswer(result: Result<ShownFinding, ReportRefusal | RequestKeyReused>) {
  if (result.ok) return findingView(result.value);
  const { error } = result;
  switch (error.code) {
    case 'UNKNOWN_TAG':
    case 'NOT_HERE':
    case 'UNKNOWN_SKILL':
    case 'UNKNOWN_MEDIA':
    case 'OTHER_CURRENCY':
    case 'ALREADY_REPORTED':
      return { __typename: 'FindingNotReportable' as const, ...error, message: WORDS[error.code] };
    default:
      return orderRefusalView(error);
  }
}

/** The GraphQL answer to `decideFinding`. */
export function decideAnswer(result: Result<ShownFinding, DecideRefusal | RequestKeyReused>) {
  if (result.ok) return findingView(result.value);
  const { error } = result;
  switch (error.code) {
    case 'UNKNOWN_FINDING': {
      const message = 'There is no such finding of an order of yours.';
      return { __typename: 'UnknownFinding' as const, ...error, message };
    }
    case 'ALREADY_DECIDED': {
      const message = 'This was decided before.';
      return { __typename: 'FindingDecided' as const, ...error, message };
    }
    case 'TOO_LATE': {
      const message = 'The time to decide is over.';
      return { __typename: 'FindingDecidedTooLate' as const, ...error, message };
    }
    default:
      return orderRefusalView(error);
  }
}

const WORDS: Readonly<Record<NotReportable['code'], string>> = {
  UNKNOWN_TAG: 'No pair has this tag.',
  NOT_HERE: 'This pair is not at this workshop.',
  UNKNOWN_SKILL: 'No workshop of the chain can do this.',
  UNKNOWN_MEDIA: 'A picture is not one that was uploaded for this order.',
  OTHER_CURRENCY: 'The order is not paid in this currency.',
  ALREADY_REPORTED: 'The customer is being asked for just this already.',
};
