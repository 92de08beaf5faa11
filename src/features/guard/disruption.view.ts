import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import type { InvalidDisruption } from './disruption-input.ts';
import type { DisruptionRecord } from './disruption-records.ts';
import type { UnknownDisruption } from './disruptions.service.ts';
import type { DisruptionPreview } from './preview-disruption.service.ts';

export const disruptionView = (record: DisruptionRecord) => ({
  __typename: 'Disruption' as const,
  id: record.id,
  kind: record.kind,
  partCode: record.code,
  from: record.starts_at,
  to: record.ends_at,
  skill: record.skill,
  units: record.units,
  delayMinutes: record.delay_min,
  reason: record.reason,
  createdAt: record.created_at,
  liftedAt: record.lifted_at,
});

/** The GraphQL answer to `previewDisruption`. */
export const previewAnswer = (result: Result<DisruptionPreview, InvalidDisruption>) =>
  result.ok
    ? { __typename: 'DisruptionPreview' as const, ...result.value }
    : refusalView(result.error);

/** The GraphQL answer to an operation that changes a disruption. */
export const disruptionAnswer = (result: Result<DisruptionRecord, DisruptionRefusal>) =>
  result.ok ? disruptionView(result.value) : refusalView(result.error);

type DisruptionRefusal = InvalidDisruption | RequestKeyReused | UnknownDisruption;

function refusalView({ code }: DisruptionRefusal) {
  switch (code) {
    case 'REQUEST_KEY_REUSED': {
      const message = 'This request key came before with another content.';
      return { __typename: 'RequestKeyReused' as const, code, message };
    }
    case 'UNKNOWN_DISRUPTION': {
      const message = 'There is no such disruption.';
      return { __typename: 'UnknownDisruption' as const, code, message };
    }
    default:
      return { __typename: 'InvalidDisruption' as const, code, message: REASONS[code] };
  }
}

const REASONS: Readonly<Record<InvalidDisruption['code'], string>> = {
  INCOMPLETE:
    'Something that this kind of disruption needs is missing, or it ends before it begins.',
  UNKNOWN_PART: 'The chain has no such store, workshop or line.',
  UNKNOWN_WINDOW: 'No such shift or trip begins then.',
  PAST: 'This is over.',
};
