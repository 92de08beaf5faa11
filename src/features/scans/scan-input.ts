import type { ScanKind } from '../../core/goods/scan.ts';
import { ruleOfScan, type TripName } from '../../core/goods/scan.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import { validate as isUuid } from 'uuid';
import type { SentPhoto, SentScan } from './sent-scan.ts';

/** `ScanInput` as it arrives. */
export interface ScanInput {
  readonly id: string;
  readonly tag: string;
  readonly kind: ScanKind;
  readonly placeCode: string;
  readonly at: EpochMs;
  readonly trip?: TripName | null;
  readonly toCode?: string | null;
  readonly shelf?: string | null;
  readonly skill?: string | null;
  readonly photos?:
    readonly { mediaId: string; stage: SentPhoto['stage']; caption?: string | null }[] | null;
}

/** `ReworkInput` as it arrives. */
export interface ReworkInput {
  readonly requestKey: string;
  readonly tag: string;
  readonly placeCode: string;
  readonly positions: readonly number[];
}

const MOST_SCANS = 500;
const MOST_PHOTOS = 10;
const MOST_POSITIONS = 20;
const ID = { what: 'The id of a scan', least: 8, most: 64 };
const TAG = { what: 'A tag', least: 1, most: 64 };
const SHELF = { what: 'A position on the shelf', least: 1, most: 40 };
const SKILL = { what: 'A skill', least: 1, most: 40 };
const CAPTION = { what: 'A caption', least: 0, most: 200 };
const IDS_OF_COUNTER: ReadonlySet<string> = new Set(['received', 'handed-out']);

/**
 * What the form of a scan demands, checked for all before any is taken: a program that gets it wrong
 * gets it wrong always.
 *
 * @throws GraphQLError BAD_USER_INPUT
 */
export function sentScans(scans: readonly ScanInput[]): readonly SentScan[] {
  if (scans.length > MOST_SCANS) throw badInput(`At most ${MOST_SCANS} scans.`, 'input.scans');
  return scans.map((scan, at) => sentScan(scan, `input.scans[${at}]`));
}

function sentScan(scan: ScanInput, path: string): SentScan {
  const { id, tag, kind, placeCode, at, trip = null, toCode = null, shelf = null } = scan;
  checkScanId(id, `${path}.id`);
  checkText(tag, TAG, `${path}.tag`);
  const { isFromScanner, isOfTrip } = ruleOfScan(kind);
  if (!isFromScanner) throw badInput('This is written by another operation.', `${path}.kind`);
  if (isOfTrip !== (trip !== null)) {
    throw badInput('LOADED and UNLOADED name a trip, the others none.', `${path}.trip`);
  }
  if (kind !== 'LOADED' && toCode !== null) throw badInput('Only of LOADED.', `${path}.toCode`);
  if ((kind === 'PUT_AWAY') !== (shelf !== null)) {
    throw badInput('PUT_AWAY names a position on the shelf, the others none.', `${path}.shelf`);
  }
  if (shelf !== null) checkText(shelf, SHELF, `${path}.shelf`);
  const skill = skillOf(scan, path);
  const photos = photosOf(scan, path);
  return { id, tag, kind, placeCode, at, trip, toCode, shelf, skill, photos, operations: null };
}

/** The two scans that the counter writes have ids of their own; one of a scanner would hide them. */
function checkScanId(id: string, path: string): void {
  checkText(id, ID, path);
  if (IDS_OF_COUNTER.has(id)) throw badInput('This id is taken.', path);
}

function skillOf({ kind, skill = null }: ScanInput, path: string): string | null {
  if (skill === null) return null;
  if (kind !== 'WORK_STARTED' && kind !== 'WORK_FINISHED') {
    throw badInput('Only of work.', `${path}.skill`);
  }
  checkText(skill, SKILL, `${path}.skill`);
  return skill;
}

function photosOf({ photos }: ScanInput, path: string): readonly SentPhoto[] {
  if (photos == null) return [];
  if (photos.length > MOST_PHOTOS) throw badInput(`At most ${MOST_PHOTOS}.`, `${path}.photos`);
  return photos.map(({ mediaId, stage, caption = null }, at) => {
    if (!isUuid(mediaId))
      throw badInput('There is no such picture.', `${path}.photos[${at}].mediaId`);
    if (caption !== null) checkText(caption, CAPTION, `${path}.photos[${at}].caption`);
    return { mediaId: mediaId.toLowerCase(), stage, caption };
  });
}

/** @throws GraphQLError BAD_USER_INPUT */
export function checkRework({ requestKey, tag, positions }: ReworkInput): void {
  checkScanId(requestKey, 'input.requestKey');
  checkText(tag, TAG, 'input.tag');
  if (new Set(positions).size < positions.length) {
    throw badInput('Each position once.', 'input.positions');
  }
  if (positions.length < 1 || positions.length > MOST_POSITIONS) {
    throw badInput(`1 to ${MOST_POSITIONS} positions.`, 'input.positions');
  }
}
