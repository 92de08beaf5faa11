import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { ForwardRounds, NEVER } from './forward-rounds.ts';
import type { WayQuestion } from './found-way.ts';
import type { LineTable } from './line-table.ts';
import { freightOf } from './load.ts';
import { minuteFrom, minuteOf } from './minutes.ts';
import { PlaceLimits } from './place-limits.ts';
import type { Timetable } from './timetable.ts';
import type { TravelBounds } from './travel-bounds.ts';
import { canonicalWay, type Ride } from './way.ts';

/** Where and when goods set out for the pick-up store. */
export interface Start {
  readonly place: number;
  readonly at: EpochMs;
}

/** How they come there: when, and with how many rides. */
export interface End {
  readonly arrival: EpochMs;
  readonly rides: number;
}

/** To the pick-up store, by vans, from elsewhere. */
export class OutwardSearch {
  private readonly rounds: ForwardRounds;
  /** The latest minute at which goods are of use. */
  private readonly latest: PlaceLimits;

  constructor(
    private readonly timetable: Timetable,
    private readonly bounds: TravelBounds,
    private readonly layOut: (line: LineTable) => void,
  ) {
    this.rounds = new ForwardRounds(timetable);
    this.latest = new PlaceLimits(timetable.placeCount);
  }

  /** The earliest arrival that the store accepts, up to `by`, with the fewest rides; null: none. */
  earliest({ to, desk, load }: WayQuestion, { place, at }: Start, by: EpochMs): End | null {
    const accepts = (minute: number): boolean => desk.accepts(minute * MINUTE_MS);
    const target = { place: to, by: minuteOf(by), accepts };
    this.limit(to, target.by);
    this.rounds.begin({ ...freightOf(load), latest: this.latest, target });
    this.rounds.addSource(place, minuteFrom(at));
    this.rounds.extendTo(NEVER, this.layOut);
    const { targetArrival, targetRides } = this.rounds;
    if (targetArrival === NEVER) return null;
    return { arrival: targetArrival * MINUTE_MS, rides: targetRides };
  }

  /** Those that {@link canonicalWay} chooses: there must be some that end so, and none with fewer. */
  ridesTo(
    { to, load }: WayQuestion,
    { place, at }: Start,
    { arrival, rides }: End,
  ): readonly Ride[] {
    if (rides === 0) return [];
    const end = { place: to, arrival: minuteOf(arrival), rides };
    this.limit(to, end.arrival);
    this.rounds.begin({ ...freightOf(load), latest: this.latest });
    this.rounds.addSource(place, minuteFrom(at));
    this.rounds.extendTo(rides - 1, this.layOut);
    return canonicalWay(this.timetable, this.rounds, end, load.pairs);
  }

  private limit(to: number, by: number): void {
    this.latest.clear();
    this.latest.add(by, this.bounds.to(to));
    this.latest.exclude(to);
  }
}
