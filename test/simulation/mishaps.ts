import { openings } from '../../src/core/hours/openings.ts';
import { shiftDates } from '../../src/core/promise/shift-dates.ts';
import { localDateOf, localDayOf } from '../../src/core/time/local-date.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { Answer } from './api.ts';
import { HOUR, iso, type Ground } from './ground.ts';
import { OPERATIONS, PREVIEW } from './operations.ts';

interface PreviewSeen {
  readonly __typename: string;
  readonly orders: number;
  readonly toldNothing: number;
  readonly toldNewPromise: number;
  readonly withoutWay: number;
}

interface DisruptionSent {
  readonly kind: string;
  readonly partCode: string;
  readonly from: string;
  readonly to?: string;
  readonly skill?: string;
  readonly units?: number;
}

/** What headquarters has to do on bad days: shifts that are cut, and stores that are closed. */
export class Mishaps {
  private readonly closed: {
    readonly code: string;
    readonly from: EpochMs;
    readonly to: EpochMs;
  }[] = [];

  constructor(private readonly ground: Ground) {}

  readonly isClosed = (storeCode: string): boolean => {
    const { now } = this.ground.agenda;
    return this.closed.some(({ code, from, to }) => code === storeCode && from <= now && now < to);
  };

  /** Of the day that begins now. */
  plan(dayStart: EpochMs): void {
    this.planCuts(dayStart);
    this.planClosures(dayStart);
  }

  private planCuts(dayStart: EpochMs): void {
    const { agenda, network, terms } = this.ground;
    const random = this.ground.chance('cuts');
    for (const { code, ...workshop } of network.workshops.values()) {
      const day = localDayOf(dayStart + 12 * HOUR, workshop.timeZone);
      for (const { start, units, isClosed } of shiftDates({ code, ...workshop }, day, day)) {
        if (isClosed || !random.chance(terms.habits.shiftCuts)) continue;
        const [skill, whole] = random.pick([...units]);
        const cut = { kind: 'CUT_SHIFT', partCode: code, from: iso(start), skill };
        const left = Math.floor(whole * random.pick([0, 0.3, 0.6]));
        agenda.at(start - random.int(1, 8) * HOUR, () => this.apply({ ...cut, units: left }));
      }
    }
  }

  private planClosures(dayStart: EpochMs): void {
    const { agenda, network, terms } = this.ground;
    const random = this.ground.chance('closures');
    for (const store of network.stores.values()) {
      if (!random.chance(terms.habits.closures)) continue;
      const date = localDateOf(dayStart + 36 * HOUR, store.timeZone);
      const open = openings(store, date, date).at(-1);
      if (open === undefined) continue;
      const middle = open.start + Math.floor((open.end - open.start) / 2 / HOUR) * HOUR;
      const from = random.chance(0.5) ? open.start : middle;
      const closing = {
        kind: 'CLOSE_STORE',
        partCode: store.code,
        from: iso(from),
        to: iso(open.end),
      };
      // Known a day before, or when the pipe has burst.
      const known = random.chance(0.6) ? dayStart + 20 * HOUR : from;
      this.closed.push({ code: store.code, from, to: open.end });
      agenda.at(known, () => this.apply(closing));
    }
  }

  /** With a look at what it would do. */
  private async apply(disruption: DisruptionSent): Promise<void> {
    const { api, tally, agenda } = this.ground;
    tally.add(`mishap/${disruption.kind.toLowerCase().replace('_', ' ')}`);
    const { previewDisruption: seen } = await api.read<{ previewDisruption: PreviewSeen }>(
      PREVIEW,
      { input: disruption },
      api.hq(),
    );
    const { orders, toldNothing, toldNewPromise, withoutWay } = seen;
    if (orders !== toldNothing + toldNewPromise + withoutWay) {
      tally.flaw('UNEXPECTED_REFUSAL', agenda.now, `preview ${JSON.stringify(seen)}`);
    }
    tally.add('orders touched by disruptions', orders);
    await api.change<Answer>(OPERATIONS.applyDisruption, { disruption }, api.hq());
  }
}
