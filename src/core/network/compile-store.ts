import { minuteOf, timeRangeOf, weekdaysOf } from './compile-times.ts';
import { DEFAULTS } from './network-defaults.ts';
import type { CounterBandInput, CounterInput, StoreInput } from './network-input.ts';
import type { Counter, CounterBand, HoursOfStore, Store } from './network.ts';

/** The store that a checked input states, defaults filled in. */
export function compileStore(input: StoreInput): Store {
  return {
    ...compileHours(input),
    code: input.code,
    name: input.name,
    address: input.address ?? null,
    latitude: input.latitude ?? null,
    longitude: input.longitude ?? null,
    counter: counterOf(input.counter),
    shelfPairs: input.shelfPairs ?? null,
    putAwayMin: input.putAwayMinutes ?? DEFAULTS.putAwayMinutes,
    nightDrop: input.nightDrop ?? DEFAULTS.nightDrop,
  };
}

/** Special hours in order of date. */
export function compileHours(
  input: Pick<StoreInput, 'timeZone' | 'openingHours' | 'specialHours'>,
): HoursOfStore {
  return {
    timeZone: input.timeZone,
    openingHours: input.openingHours.map((hours) => ({
      days: weekdaysOf(hours.days),
      ...timeRangeOf(hours),
    })),
    specialHours: (input.specialHours ?? [])
      .map(({ from, to, hours }) => ({ from, to, hours: hours.map(timeRangeOf) }))
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
  };
}

function counterOf(input: CounterInput): Counter {
  return {
    slotMin: input.slotMinutes,
    visits: input.visits,
    dropOffVisits: input.dropOffVisits ?? null,
    pickUpVisits: input.pickUpVisits ?? null,
    dropOffPairs: input.dropOffPairs ?? null,
    walkInVisits: input.walkInVisits ?? DEFAULTS.walkInVisits,
    bands: (input.bands ?? []).map((band) => bandOf(band, input)),
    leadTimeMin: input.leadTimeMinutes ?? DEFAULTS.leadTimeMinutes,
    horizonDays: input.horizonDays ?? DEFAULTS.horizonDays,
  };
}

/** What a band leaves out it takes from the counter. */
function bandOf(band: CounterBandInput, counter: CounterInput): CounterBand {
  return {
    days: weekdaysOf(band.days),
    opens: minuteOf(band.opens),
    closes: minuteOf(band.closes),
    visits: band.visits,
    dropOffVisits: band.dropOffVisits ?? counter.dropOffVisits ?? null,
    pickUpVisits: band.pickUpVisits ?? counter.pickUpVisits ?? null,
    dropOffPairs: band.dropOffPairs ?? counter.dropOffPairs ?? null,
    walkInVisits: band.walkInVisits ?? counter.walkInVisits ?? DEFAULTS.walkInVisits,
  };
}
