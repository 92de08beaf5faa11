import 'reflect-metadata';
import { readFile } from 'node:fs/promises';

import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';

import { AppModule } from '../app.module.ts';
import type { NetworkInput, NetworkProblem } from '../core/network/network-input.ts';
import { parseNetworkInput } from '../core/network/parse-network-input.ts';
import { ImportNetwork, type ImportedNetwork } from '../features/imports/index.ts';
import { readConfig, type Config } from '../platform/config/config.ts';
import { migrate } from '../platform/database/data-source.ts';
import { borrowDatabase } from '../platform/database/open-database.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { NestLog } from '../platform/logging/nest-log.ts';

const KINDS = ['stores', 'workshops', 'services', 'lines'] as const;
const USAGE = 'Usage: npm run --silent import -- FILE.json';

/** The command cannot be carried out as it was called. */
class UsageError extends Error {}

/** Loads a network file and prints what changed, or every problem with its path. */
async function main(): Promise<boolean> {
  const input = await readInput(process.argv.slice(2));
  if ('problems' in input) return printProblems(input.problems);
  const config = { ...readConfig(), LOG_LEVEL: 'warn' } as const;
  const log = createLogger(config, process.stderr);
  const database = await borrowDatabase(config, log);
  try {
    await migrate(database.url);
    return await importInto(database.url, config, log, input.input);
  } finally {
    await database.stop();
  }
}

async function readInput(args: readonly string[]) {
  const [file, ...rest] = args;
  if (file === undefined || rest.length > 0) throw new UsageError(USAGE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`);
  }
  try {
    return parseNetworkInput(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}`);
  }
}

async function importInto(
  databaseUrl: string,
  config: Config,
  log: Logger,
  input: NetworkInput,
): Promise<boolean> {
  const app = await NestFactory.createApplicationContext(
    AppModule.forCommand({ config, databaseUrl, log }),
    { logger: new NestLog(log) },
  );
  try {
    const imported = await app.get(ImportNetwork, { strict: false }).run(input);
    return imported.ok
      ? printImported(imported.value, input)
      : printProblems(imported.error.problems);
  } finally {
    await app.close();
  }
}

function printImported({ network, conflicts }: ImportedNetwork, input: NetworkInput): boolean {
  const given = counted((kind) => input[kind]?.length ?? 0);
  const all = counted((kind) => network[kind].size);
  print(`Imported ${given}. The chain has ${all}; version ${network.version}.`);
  if (conflicts.length === 0) return true;
  print(`Appointments that no longer fit, and stay as they are: ${conflicts.length}`);
  for (const { order, appointment, code } of conflicts) {
    const start = new Date(appointment.start).toISOString();
    print(`  ${code} ${order.ticketCode} ${appointment.kind} ${appointment.storeCode} ${start}`);
  }
  return true;
}

function counted(count: (kind: (typeof KINDS)[number]) => number): string {
  return KINDS.map((kind) => plural(count(kind), kind.slice(0, -1))).join(', ');
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function printProblems(problems: readonly NetworkProblem[]): boolean {
  print(`Nothing was imported: ${plural(problems.length, 'problem')}.`);
  for (const { path, message } of problems) print(`  ${path}: ${message}`);
  return false;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  if (!(await main())) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
