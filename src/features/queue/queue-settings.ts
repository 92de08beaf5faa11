import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from '../../core/queue/settings.ts';
import { badInput } from '../../platform/graphql/errors.ts';

/** `VisitMinutesInput` of the schema. */
interface VisitMinutesInput {
  readonly dropOff?: number | null;
  readonly pickUp?: number | null;
}

/** `QueueSettingsInput` of the schema. */
export interface QueueSettingsInput {
  readonly storeCode: string;
  readonly earlyWindowMinutes?: number | null;
  readonly lateWindowMinutes?: number | null;
  readonly appointmentTargetMinutes?: number | null;
  readonly walkInTargetMinutes?: number | null;
  readonly lateTargetMinutes?: number | null;
  readonly reducedMobilityFirst?: boolean | null;
  readonly visitMinutes?: VisitMinutesInput | null;
  readonly pairMinutes?: VisitMinutesInput | null;
  readonly showPercent?: number | null;
}

type MinutesName =
  | 'earlyWindowMinutes'
  | 'lateWindowMinutes'
  | 'appointmentTargetMinutes'
  | 'walkInTargetMinutes'
  | 'lateTargetMinutes';

const LONGEST_MIN = 240;
const LONGEST_VISIT_MIN = 120;

/** What an older release wrote lacks what was added since. */
export const settingsFrom = (document: Partial<QueueSettings> | null): QueueSettings => ({
  ...DEFAULT_QUEUE_SETTINGS,
  ...document,
});

/** @throws GraphQLError BAD_USER_INPUT that names what is out of range */
export function changedSettings(before: QueueSettings, input: QueueSettingsInput): QueueSettings {
  const minutes = (name: MinutesName, known: number): number =>
    within(input[name], known, 0, LONGEST_MIN, name);
  return {
    earlyWindowMin: minutes('earlyWindowMinutes', before.earlyWindowMin),
    lateWindowMin: minutes('lateWindowMinutes', before.lateWindowMin),
    appointmentTargetMin: minutes('appointmentTargetMinutes', before.appointmentTargetMin),
    walkInTargetMin: minutes('walkInTargetMinutes', before.walkInTargetMin),
    lateTargetMin: minutes('lateTargetMinutes', before.lateTargetMin),
    reducedMobilityFirst: input.reducedMobilityFirst ?? before.reducedMobilityFirst,
    visitMin: byKind(input.visitMinutes, before.visitMin, 0.5, 'visitMinutes'),
    pairMin: byKind(input.pairMinutes, before.pairMin, 0, 'pairMinutes'),
    showPercent: within(input.showPercent, before.showPercent, 0, 100, 'showPercent'),
  };
}

function byKind(
  input: VisitMinutesInput | null | undefined,
  before: QueueSettings['visitMin'],
  least: number,
  name: string,
): QueueSettings['visitMin'] {
  const of = (value: number | null | undefined, known: number, field: string) =>
    within(value, known, least, LONGEST_VISIT_MIN, `${name}.${field}`);
  return {
    DROP_OFF: of(input?.dropOff, before.DROP_OFF, 'dropOff'),
    PICK_UP: of(input?.pickUp, before.PICK_UP, 'pickUp'),
  };
}

function within(
  value: number | null | undefined,
  known: number,
  least: number,
  most: number,
  name: string,
): number {
  if (value == null) return known;
  if (value >= least && value <= most) return value;
  throw badInput(`From ${least} to ${most}.`, `input.${name}`);
}
