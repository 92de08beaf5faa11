import type { Ground } from './ground.ts';
import type { Tally } from './tally.ts';
import { UTILISED } from './utilisation.ts';

/** What became of a simulated time, for people to read; the same for the same terms. */
export function reportOf({ terms, tally, book }: Ground): string {
  const { stores, days, lastDays, seed, begins } = terms;
  const whole = `${stores} stores, ${days} days from ${begins} and ${lastDays} days to the end, seed ${seed}`;
  return [
    `A chain of ${whole}`,
    '',
    ...promises(tally),
    '',
    ...visits(tally),
    '',
    ...goods(tally, book.pairs.size),
    '',
    ...utilisation(tally),
    '',
    ...listed('What went wrong on the way', tally.under('mishap/')),
    '',
    ...listed('Messages, each sent once', tally.under('messages/')),
    '',
    ...listed('Refusals', tally.under('refused/')),
    '',
    ...flaws(tally),
  ].join('\n');
}

function promises(tally: Tally): string[] {
  const due = tally.of('promises due') - tally.of('promises moved');
  const kept = tally.of('promises kept');
  return table('Promises', [
    ['orders booked', tally.of('booked')],
    ['moved by their customers', tally.of('moved')],
    ['cancelled', tally.of('cancelled')],
    ['walk-ins', tally.of('walk-ins')],
    ['pick-ups that came due with the goods in the chain', due],
    ['  goods ready', `${kept} (${percent(kept, due)})`],
    ...tally
      .under('promises broken/')
      .map(
        ([name, count]) => [`  not ready, ${name}`, `${count} (${percent(count, due)})`] as const,
      ),
    ['customers who chose another slot', tally.of('chose another slot')],
    ['orders collected', tally.of('collected')],
    ['  in the booked slot', tally.of('collected as booked')],
    ['  later', tally.of('collected later')],
    ['left on the shelf in the end', tally.of('left on the shelf')],
  ]);
}

function visits(tally: Tally): string[] {
  const { waits } = tally;
  const errors = waits.map(({ likely, real }) => Math.abs(likely - real));
  const share = (test: (at: number) => boolean) =>
    percent(waits.filter((_, at) => test(at)).length, waits.length);
  return table('Visits', [
    ['people served', waits.length],
    ['trips to collect', tally.of('trips to collect')],
    ...tally.under('wasted trips/').map(([name, count]) => [`  wasted, ${name}`, count] as const),
    ...tally
      .under('closed doors/')
      .map(([name, count]) => [`closed doors, ${name}`, count] as const),
    ['walk-ins who went again', tally.of('walk-ins who went again')],
    ['walked off while waiting', tally.of('walked off')],
    ['put aside for a while', tally.of('put aside')],
    ['handed to another desk', tally.of('handed to another desk')],
    ['mean wait', `${mean(waits.map(({ real }) => real)).toFixed(1)} min`],
    ['mean wait told', `${mean(waits.map(({ likely }) => likely)).toFixed(1)} min`],
    ['mean error of what was told', `${mean(errors).toFixed(1)} min`],
    ['within 5 min of what was told', share((at) => errors[at]! <= 5)],
    ['more than 10 min longer than told', share((at) => waits[at]!.real > waits[at]!.likely + 10)],
    ['wrong pairs stopped at the counter', tally.of('wrong pairs stopped')],
  ]);
}

function goods(tally: Tally, pairs: number): string[] {
  return table('Goods', [
    ['pairs taken in', pairs],
    ['rides of pairs', tally.of('rides')],
    ['scans', tally.of('scans')],
    ...tally.under('work/').map(([code, count]) => [`operations done at ${code}`, count] as const),
    ['findings', tally.of('findings')],
    ...tally.under('decided/').map(([name, count]) => [`  answered ${name}`, count] as const),
    ['reworks', tally.of('reworks')],
    ['orders touched by disruptions', tally.of('orders touched by disruptions')],
  ]);
}

/** Of each kind of place: all together, and the fullest. */
function utilisation(tally: Tally): string[] {
  const rows = UTILISED.map((kind) => {
    const had = tally.under(`had/${kind}/`);
    const shares = had
      .map(([place, of]) => ({ place, of, used: tally.of(`used/${kind}/${place}`) }))
      .sort((a, b) => b.used / b.of - a.used / a.of);
    const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);
    const whole = percent(sum(shares.map(({ used }) => used)), sum(shares.map(({ of }) => of)));
    const fullest = shares
      .slice(0, 3)
      .map(({ place, used, of }) => `${place} ${percent(used, of)}`);
    return [kind, `${whole}; fullest: ${fullest.join(', ')}`] as const;
  });
  return table('Reserved of what there was, over all days', rows);
}

function flaws(tally: Tally): string[] {
  const counts = new Map<string, number>();
  for (const { code } of tally.flaws) counts.set(code, (counts.get(code) ?? 0) + 1);
  if (counts.size === 0) return ['Nothing was found that must not be.'];
  return listed('FOUND, AND MUST NOT BE', [...counts]);
}

const listed = (title: string, rows: readonly (readonly [string, number])[]): string[] =>
  table(title, rows.length === 0 ? [['nothing', 0]] : rows);

function table(
  title: string,
  rows: readonly (readonly [name: string, value: number | string])[],
): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)];
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
