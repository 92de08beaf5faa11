import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';

import { closeGround } from './support/ground.ts';
import type { Measure } from './support/measure.ts';

interface Bench {
  readonly run: () => readonly Measure[] | Promise<readonly Measure[]> | AsyncIterable<Measure>;
}

/** Computing alone, in a process that holds nothing else yet: so they come first. */
const PURE = ['core-slots', 'promise-core'];

const BENCHES = readdirSync(import.meta.dirname)
  .filter((file) => /\.(ts|js)$/.test(file) && !/^run\./.test(file))
  .map((file) => ({ name: file.replace(/\.\w+$/, ''), file }))
  .sort((a, b) => Number(PURE.includes(b.name)) - Number(PURE.includes(a.name)));

/** `npm run bench [-- NAME ...]`: those named, or whose name goes on from it after a dash; else all. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !BENCHES.some((bench) => isMeant(bench.name, name)));
  if (unknown.length > 0) {
    const known = BENCHES.map(({ name }) => name).join(', ');
    throw new Error(`no bench ${unknown.join(', ')}; there are ${known}`);
  }
  const chosen = BENCHES.filter(
    ({ name }) => names.length === 0 || names.some((asked) => isMeant(name, asked)),
  );
  process.stderr.write(`${cpus().length} cores hold service, PostgreSQL and load generator\n`);
  const measures: Measure[] = [];
  for (const { name, file } of chosen) measures.push(...(await runOne(name, file)));
  process.stdout.write(`\n${table(measures)}\n`);
}

const isMeant = (bench: string, asked: string): boolean =>
  bench === asked || bench.startsWith(`${asked}-`);

async function runOne(name: string, file: string): Promise<readonly Measure[]> {
  process.stderr.write(`${name} ...\n`);
  const begin = performance.now();
  const bench = (await import(`./${file}`)) as Bench;
  const measures: Measure[] = [];
  const found = bench.run();
  for await (const one of found instanceof Promise ? await found : found) {
    measures.push(one);
    process.stdout.write(`${JSON.stringify(one)}\n`);
  }
  process.stderr.write(`${name}: ${Math.round((performance.now() - begin) / 1000)} s\n`);
  return measures;
}

function table(measures: readonly Measure[]): string {
  const head = ['bench', 'unit', 'ours', 'reference', 'ratio', 'runs', 'spread'] as const;
  const rows = measures.map((one) => head.map((field) => String(one[field] ?? '-')));
  const widths = head.map((field, at) =>
    Math.max(field.length, ...rows.map((row) => row[at]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

try {
  await main(process.argv.slice(2));
} catch (fault) {
  process.stderr.write(`${(fault as Error).stack ?? String(fault)}\n`);
  process.exitCode = 1;
} finally {
  await closeGround();
}
