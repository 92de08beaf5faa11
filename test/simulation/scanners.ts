import type { Answer } from './api.ts';
import { iso, MINUTE, type Ground } from './ground.ts';
import { OPERATIONS } from './operations.ts';
import type { SimPair } from './order-book.ts';

/** A scan as its scanner makes it; where the pair is from then on, as far as the scan says so. */
export interface SimScan {
  readonly pair: SimPair;
  readonly kind: string;
  readonly placeCode: string;
  readonly isAt: string;
  readonly trip?: { readonly lineCode: string; readonly departs: string };
  readonly toCode?: string;
  readonly shelf?: string;
  readonly skill?: string;
}

interface ScanInput {
  readonly id: string;
  readonly tag: string;
}

interface Report extends Answer {
  readonly results: readonly {
    readonly id: string;
    readonly tag: string;
    readonly outcome: string;
    readonly discrepancies: readonly string[];
  }[];
}

/**
 * Takes scans and sends them: mostly at once; at times hours later, in another order, and twice. Each
 * scan has its own time, so that in the end it makes no difference.
 */
export class Scanners {
  private scans = 0;

  constructor(private readonly ground: Ground) {}

  /** Scans at one place, now. */
  async take(staffCode: string, list: readonly SimScan[]): Promise<void> {
    if (list.length === 0) return;
    const { agenda, tally, terms } = this.ground;
    const { habits } = terms;
    const random = this.ground.chance('scanners');
    const scans = list.flatMap((scan) => {
      const once = [this.note(scan)];
      if (!random.chance(habits.scannedTwice)) return once;
      scan.pair.isAstray = true;
      return [...once, this.note(scan)];
    });
    tally.add('scans', scans.length);
    if (!random.chance(habits.offline)) return this.send(staffCode, scans);
    tally.add('mishap/scanner offline');
    for (const { pair } of list) {
      pair.isAstray = true;
      pair.unsent += 1;
    }
    const later = random.int(5, 240) * MINUTE;
    const mixed = random.sample(scans, scans.length);
    const some = mixed.slice(0, random.int(1, mixed.length));
    agenda.in(later, () => this.send(staffCode, some));
    agenda.in(later + random.int(1, 30) * MINUTE, async () => {
      await this.send(staffCode, mixed);
      for (const { pair } of list) pair.unsent -= 1;
    });
  }

  /** One scan of one pair by hand, whatever the network. */
  takeNow(staffCode: string, scan: SimScan): Promise<void> {
    this.ground.tally.add('scans');
    return this.send(staffCode, [this.note(scan)]);
  }

  private note(scan: SimScan): ScanInput {
    const { pair, isAt, trip, toCode, shelf, skill, kind, placeCode } = scan;
    const { now } = this.ground.agenda;
    this.scans += 1;
    const id = `scan-${String(this.scans).padStart(8, '0')}`;
    if (pair.told.at <= now && pair.at !== 'CUSTOMER') pair.told = { at: now, id, place: isAt };
    const given = { trip, toCode, shelf, skill };
    const known = Object.fromEntries(Object.entries(given).filter(([, it]) => it !== undefined));
    return { id, tag: pair.tag, kind, placeCode, at: iso(now), ...known } as ScanInput;
  }

  private async send(staffCode: string, scans: readonly ScanInput[]): Promise<void> {
    const { api, tally, book, agenda } = this.ground;
    const report = await api.change<Report>(OPERATIONS.scan, { scans }, api.staff(staffCode));
    for (const { id, tag, outcome, discrepancies } of report.results) {
      if (outcome !== 'APPLIED' && outcome !== 'REPEATED') {
        tally.flaw('UNEXPECTED_REFUSAL', agenda.now, `scan ${id} of ${tag}: ${outcome}`);
      }
      for (const discrepancy of discrepancies) tally.add(`discrepancy/${discrepancy}`);
      if (discrepancies.length > 0 && !book.pairs.get(tag)!.isAstray) {
        const scan = JSON.stringify(scans.find((one) => one.id === id));
        tally.flaw('DISCREPANCY', agenda.now, `${scan}: ${discrepancies.join(' ')}`);
      }
    }
  }
}
