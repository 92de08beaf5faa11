import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';

import { startEmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.ts';
import { reportOf } from './report.ts';
import { Simulation } from './simulation.ts';
import type { Flaw } from './tally.ts';
import { LARGE, SMALL, SUNNY, type Terms } from './terms.ts';

/** Of each code. */
const MOST_FLAWS_SHOWN = 8;
/** Losing the data with the machine is no loss. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * `npm run simulate -- --weeks 3 --stores 50 --seed 7`: weeks of a whole chain, and what became of its
 * promises. Ends with status 1 if anything was found that must not be.
 */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'welt-simulation-'));
  chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({
    ...{ dataDir, address: 'the simulation', log: pino({ level: 'error' }) },
    ...{ settings: SETTINGS, ephemeral: true },
  });
  process.env['TEST_SERVER_URL'] = server.url;
  try {
    await simulate(termsFrom(process.argv.slice(2)));
  } finally {
    await server.stop();
  }
}

async function simulate(terms: Terms): Promise<void> {
  const simulation = await Simulation.start(terms);
  const begin = performance.now();
  try {
    let shown = 0;
    const flaws = await simulation.run((day, tally) => {
      for (const flaw of tally.flaws.slice(shown)) show(flaw, tally.flaws);
      shown = tally.flaws.length;
      const seconds = Math.round((performance.now() - begin) / 1000);
      process.stderr.write(
        `${day}: ${tally.of('requests')} requests, ${tally.flaws.length} flaws, ${seconds} s\n`,
      );
    });
    process.stdout.write(`${reportOf(simulation.ground)}\n`);
    const perDay = (performance.now() - begin) / 1000 / (terms.days + terms.lastDays);
    process.stderr.write(`${(1 / perDay).toFixed(2)} simulated days a second\n`);
    if (flaws.length > 0) process.exitCode = 1;
  } finally {
    await simulation.stop();
  }
}

function show(flaw: Flaw, all: readonly Flaw[]): void {
  const { code, at, detail } = flaw;
  if (all.filter((other) => other.code === code).indexOf(flaw) >= MOST_FLAWS_SHOWN) return;
  process.stderr.write(`${code} ${new Date(at).toISOString()} ${detail}\n`);
}

/** @throws TypeError on an argument that is not known */
function termsFrom(args: readonly string[]): Terms {
  const { values } = parseArgs({
    args: [...args],
    options: {
      weeks: { type: 'string' },
      days: { type: 'string' },
      last: { type: 'string' },
      stores: { type: 'string' },
      bookings: { type: 'string' },
      seed: { type: 'string' },
      small: { type: 'boolean' },
      sunny: { type: 'boolean' },
    },
  });
  const { weeks, days, last, stores, bookings, seed, small, sunny } = values;
  const base = small === true ? SMALL : LARGE;
  const whole = weeks === undefined ? base.days : Number(weeks) * 7;
  return {
    ...base,
    days: days === undefined ? whole : Number(days),
    lastDays: last === undefined ? base.lastDays : Number(last),
    stores: stores === undefined ? base.stores : Number(stores),
    bookings: bookings === undefined ? base.bookings : Number(bookings),
    seed: seed === undefined ? base.seed : Number(seed),
    habits: sunny === true ? SUNNY : base.habits,
  };
}

await main();
