/**
 * Turns src/ and migrations/, or the directories that are named as arguments, into JavaScript below
 * .build/, as far as they changed. Each file is put in its place by a rename, and is fresh when it bears
 * the time of its source: so any number of builds and started processes may work in one checkout at
 * once, and a build that was killed is just continued.
 */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(import.meta.dirname);
const OUT = join(ROOT, '.build');
const PARTS = ['src', 'migrations'];
/** Setting a file's time loses its last digits. */
const CLOSE_MS = 2;
const CONFIG = join(ROOT, '.config', 'swc.json');

/** What differs from the sources: files to compile and outputs whose source is gone. */
export function staleFiles(parts = PARTS) {
  const sources = parts.flatMap((part) => list(ROOT, part)).filter((file) => file.endsWith('.ts'));
  const outputs = new Set(parts.flatMap((part) => list(OUT, part)));
  const sameTools = read(marker(parts)) === tools();
  const changed = sources.filter((file) => !sameTools || !isFresh(file));
  for (const file of sources) outputs.delete(outputOf(file));
  return { changed, orphans: [...outputs] };
}

async function build(parts) {
  const { changed, orphans } = staleFiles(parts);
  for (const file of orphans) rmSync(join(OUT, file), { force: true });
  if (changed.length === 0) return;
  const { transformSync } = await import('@swc/core');
  const options = { swcrc: false, configFile: false, ...JSON.parse(readFileSync(CONFIG, 'utf8')) };
  delete options.$schema;
  for (const file of changed) compile(file, transformSync, options);
  place(marker(parts), tools());
}

function compile(file, transformSync, options) {
  const source = join(ROOT, file);
  const { mtimeMs } = statSync(source);
  const text = readFileSync(source, 'utf8');
  const { code } = transformSync(text, { ...options, filename: source, sourceMaps: 'inline' });
  place(join(OUT, outputOf(file)), code, mtimeMs);
}

function isFresh(file) {
  const output = statSync(join(OUT, outputOf(file)), { throwIfNoEntry: false });
  const source = statSync(join(ROOT, file));
  return output !== undefined && Math.abs(output.mtimeMs - source.mtimeMs) < CLOSE_MS;
}

function place(file, content, mtimeMs) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, content);
  if (mtimeMs !== undefined) utimesSync(draft, mtimeMs / 1000, mtimeMs / 1000);
  renameSync(draft, file);
}

/** Says by which tools the outputs of `parts` were made. */
function marker(parts) {
  return join(OUT, ['tools', ...(parts === PARTS ? [] : parts)].join('-').replaceAll('/', '-'));
}

/** Changes when the compiler, its settings or this program do. */
function tools() {
  const hash = createHash('sha256');
  hash.update(readFileSync(CONFIG)).update(readFileSync(fileURLToPath(import.meta.url)));
  hash.update(readFileSync(join(ROOT, 'node_modules', '@swc', 'core', 'package.json')));
  return hash.digest('hex');
}

function outputOf(file) {
  return file.replace(/\.ts$/, '.js');
}

/** Paths relative to `base` of all files below `part`; none if it does not exist. Drafts are nobody's. */
function list(base, part) {
  const entries = exists(join(base, part))
    ? readdirSync(join(base, part), { recursive: true, withFileTypes: true })
    : [];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.draft'))
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1));
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function read(file) {
  return exists(file) ? readFileSync(file, 'utf8') : '';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const parts = process.argv.slice(2);
  try {
    await build(parts.length > 0 ? parts : PARTS);
  } catch (error) {
    process.stderr.write(`The build failed: ${error.message}\n`);
    process.exitCode = 1;
  }
}
