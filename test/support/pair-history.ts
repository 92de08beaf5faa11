import { foldPair, type FoldedPair, type PairHistory } from '../../src/core/goods/fold.ts';
import type { PairOperation } from '../../src/core/goods/pair.ts';
import type { ScanData, ScanKind } from '../../src/core/goods/scan.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import { at, aWorkshop, workedNetwork } from './worked-network.ts';

const worked = workedNetwork();
export const NETWORK = compileNetwork(
  documentOf({
    ...worked,
    workshops: [...worked.workshops!, { ...aWorkshop(), code: 'IN-A', storeCode: 'A' }],
  }),
  1,
);
export const TO_W = { lineCode: 'A-W', departs: at('Mon 14:00') };
export const TO_B = { lineCode: 'W-B', departs: at('Tue 18:30') };

export function scan(
  kind: ScanKind,
  placeCode: string,
  when: string,
  more: Partial<ScanData> = {},
): ScanData {
  return {
    id: `${when} ${kind}`,
    pairId: 'p',
    kind,
    placeCode,
    trip: null,
    toCode: null,
    isListed: true,
    shelf: null,
    skill: null,
    operations: null,
    at: at(when),
    actor: 'staff',
    ...more,
  };
}

export const onto = (when: string, more: Partial<ScanData> = {}) =>
  scan('LOADED', 'A', when, { trip: TO_W, toCode: 'W', ...more });
export const off = (when: string, placeCode = 'W', more: Partial<ScanData> = {}) =>
  scan('UNLOADED', placeCode, when, { trip: TO_W, ...more });
export const start = (when: string, more: Partial<ScanData> = {}) =>
  scan('WORK_STARTED', 'W', when, more);
export const finish = (when: string, more: Partial<ScanData> = {}) =>
  scan('WORK_FINISHED', 'W', when, more);

export function operation(
  position: number,
  skill: string,
  more: Partial<PairOperation> = {},
): PairOperation {
  return {
    position,
    skill,
    units: 1,
    dwellMin: 0,
    origin: 'SERVICE',
    findingId: null,
    startedAt: null,
    finishedAt: null,
    workshopCode: null,
    shiftStart: null,
    ...more,
  };
}

export function history(scans: readonly ScanData[], more: Partial<PairHistory> = {}): PairHistory {
  return {
    received: { storeCode: 'A', at: at('Mon 10:30') },
    operations: [operation(1, 'clean'), operation(2, 'sole')],
    findings: [],
    scans,
    ...more,
  };
}

export const fold = (scans: readonly ScanData[], more: Partial<PairHistory> = {}): FoldedPair =>
  foldPair(history(scans, more), NETWORK);

export const wrongs = (pair: FoldedPair): readonly string[] => [...pair.wrong.values()].flat();
