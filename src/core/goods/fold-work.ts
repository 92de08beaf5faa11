import type { EpochMs } from '../time/time.ts';
import type { PairState } from './pair-state.ts';
import type { PairOperation } from './pair.ts';
import type { Discrepancy, ScanData } from './scan.ts';

/** From when to when a customer's decision was waited for; the work of the finding may be done from then on. */
export interface FindingTimes {
  readonly id: string;
  readonly reportedAt: EpochMs;
  /** null: it is still waited for. */
  readonly decidedAt: EpochMs | null;
}

/** What was ordered and agreed, as if nothing of it were done. Reworks come back with their scans. */
export function freshOperations(operations: readonly PairOperation[]): readonly PairOperation[] {
  return operations
    .filter(({ origin }) => origin !== 'REWORK')
    .map((operation) => ({
      ...operation,
      startedAt: null,
      finishedAt: null,
      workshopCode: null,
      shiftStart: null,
    }))
    .sort((a, b) => a.position - b.position);
}

/** What a scan changes of a pair's work. Which shift's units it used up is left open. */
export function foldWork(
  state: PairState,
  scan: ScanData,
  findings: readonly FindingTimes[],
): PairState {
  switch (scan.kind) {
    case 'WORK_STARTED':
      return started(state, scan, findings);
    case 'WORK_FINISHED':
      return finished(state, scan, findings);
    case 'REWORK':
      return { ...state, operations: withRework(state.operations, scan) };
    default:
      return state;
  }
}

function started(state: PairState, scan: ScanData, findings: readonly FindingTimes[]): PairState {
  const open = openFor(state, scan, findings);
  const chosen = open.find(({ skill }) => scan.skill === null || skill === scan.skill);
  if (chosen === undefined) return { ...state, discrepancies: noted(state, ['NO_OPEN_WORK']) };
  const faults: Discrepancy[] = isUndecided(scan, findings) ? ['WORK_BEFORE_DECISION'] : [];
  if (chosen !== open[0]) faults.push('WORK_OUT_OF_ORDER');
  const begun = {
    ...chosen,
    startedAt: chosen.startedAt ?? scan.at,
    workshopCode: scan.placeCode,
  };
  return replacing(state, begun, faults);
}

/**
 * A skill that is named is believed to be done; without one, only what was started: a scan that was made
 * twice must not finish what comes next.
 */
function finished(state: PairState, scan: ScanData, findings: readonly FindingTimes[]): PairState {
  const open = openFor(state, scan, findings);
  const fitting = open.filter(({ skill }) => scan.skill === null || skill === scan.skill);
  const begun = fitting.find(({ startedAt }) => startedAt !== null);
  const faults: Discrepancy[] = isUndecided(scan, findings) ? ['WORK_BEFORE_DECISION'] : [];
  if (fitting.length === 0) faults.push('NO_OPEN_WORK');
  else if (begun === undefined) faults.push('WORK_NOT_STARTED');
  const chosen = begun ?? (scan.skill === null ? undefined : fitting[0]);
  if (chosen === undefined) return { ...state, discrepancies: noted(state, faults) };
  const { startedAt } = chosen;
  const done = {
    ...chosen,
    startedAt: startedAt ?? scan.at,
    finishedAt: scan.at,
    workshopCode: scan.placeCode,
  };
  return replacing(state, done, faults);
}

/** What was to be done at the time of the scan, the next one first. */
function openFor(
  { operations }: PairState,
  { at }: ScanData,
  findings: readonly FindingTimes[],
): readonly PairOperation[] {
  const later = new Set(
    findings.filter(({ decidedAt }) => decidedAt === null || decidedAt > at).map(({ id }) => id),
  );
  return operations.filter(
    ({ finishedAt, findingId }) =>
      finishedAt === null && (findingId === null || !later.has(findingId)),
  );
}

const isUndecided = ({ at }: ScanData, findings: readonly FindingTimes[]): boolean =>
  findings.some(({ reportedAt, decidedAt }) => reportedAt <= at && at < (decidedAt ?? Infinity));

function replacing(
  state: PairState,
  operation: PairOperation,
  faults: readonly Discrepancy[],
): PairState {
  return {
    ...state,
    operations: state.operations.map((it) => (it.position === operation.position ? operation : it)),
    discrepancies: noted(state, faults),
  };
}

const noted = (state: PairState, faults: readonly Discrepancy[]): readonly Discrepancy[] => [
  ...state.discrepancies,
  ...faults,
];

/** New operations get the lowest positions that are free, so that those agreed keep theirs. */
function withRework(
  operations: readonly PairOperation[],
  scan: ScanData,
): readonly PairOperation[] {
  const used = new Set(operations.map(({ position }) => position));
  const added: PairOperation[] = [];
  for (const { skill, units, dwellMin } of scan.operations ?? []) {
    let position = 1;
    while (used.has(position)) position += 1;
    used.add(position);
    added.push({
      position,
      skill,
      units,
      dwellMin,
      origin: 'REWORK',
      findingId: null,
      startedAt: null,
      finishedAt: null,
      workshopCode: null,
      shiftStart: null,
    });
  }
  return [...operations, ...added].sort((a, b) => a.position - b.position);
}
