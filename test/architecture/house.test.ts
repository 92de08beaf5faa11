import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

import { PROJECT_ROOT } from '../../src/platform/project-root.ts';

const TOP_LEVEL = [
  ['.ci', '.config', '.gitignore', '.nvmrc', 'LICENSE', 'README.md'],
  ['nest-cli.json', 'package-lock.json', 'package.json', 'tsconfig.json'],
  ['migrations', 'schema', 'seeds', 'src', 'test'],
].flat();
const INSIDE_SRC = ['channels', 'commands', 'core', 'features', 'jobs', 'platform'];
const INSIDE_CORE = [
  'balancing',
  'board',
  'claims',
  'counter',
  'findings',
  'goods',
  'guard',
  'handovers',
  'hours',
  'messages',
  'network',
  'orders',
  'promise',
  'queue',
  'time',
];

/** Made by the tools, or by people for themselves. */
const NOT_OURS = new Set([
  '.git',
  '.build',
  '.data',
  '.idea',
  '.vscode',
  'coverage',
  'node_modules',
]);
const TEXTS = new Set(['.ts', '.mjs', '.cjs', '.js', '.json', '.md', '.graphql', '.sql', '']);

const THIS = join(PROJECT_ROOT, 'test', 'architecture', 'house.test.ts');

/** Source files: this one names what it looks for. */
const files = readdirSync(PROJECT_ROOT, { recursive: false, withFileTypes: true })
  .filter(({ name }) => !NOT_OURS.has(name) && TOP_LEVEL.includes(name))
  .flatMap((entry) =>
    entry.isDirectory() ? below(join(PROJECT_ROOT, entry.name)) : [join(PROJECT_ROOT, entry.name)],
  )
  .filter((file) => TEXTS.has(extname(file)) && file !== THIS)
  .map((file) => ({ name: relative(PROJECT_ROOT, file), text: readFileSync(file, 'utf8') }));

function below(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the house', () => {
  it('has nothing on its top level that was not agreed', () => {
    const there = readdirSync(PROJECT_ROOT).filter((name) => !NOT_OURS.has(name));
    expect(there.filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  });

  it.each([
    { directory: 'src', agreed: INSIDE_SRC },
    { directory: 'src/core', agreed: INSIDE_CORE },
  ])('has no folder in $directory that was not agreed', ({ directory, agreed }) => {
    const there = readdirSync(join(PROJECT_ROOT, directory), { withFileTypes: true });
    const folders = there.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.filter((name) => !agreed.includes(name))).toEqual([]);
  });

  it('keeps features flat', () => {
    const features = join(PROJECT_ROOT, 'src', 'features');
    const deep = below(features).filter((file) => relative(features, file).split('/').length > 2);
    expect(deep).toEqual([]);
  });

  it.each([
    {
      what: 'a name that says nothing',
      pattern: /(^|[/-])(utils?|helpers?|common|manager|base)([.-]|\/)/,
    },
    { what: 'a capital letter in the name of a program', pattern: /[A-Z].*\.(ts|mjs)$/ },
  ])('has no file with $what', ({ pattern }) => {
    const names = files.map(({ name }) => name);
    const allowed = ['schema/common.graphql'];
    expect(names.filter((name) => pattern.test(name) && !allowed.includes(name))).toEqual([]);
  });

  it.each([
    { what: 'work left for later', pattern: /\b(TODO|FIXME|HACK|XXX)\b/ },
    {
      what: 'a word of those who wrote it',
      pattern: /\b(this|the|another|next|last|earlier|later) session\b/i,
    },
    { what: 'the number of an issue', pattern: /\bissues? #?\d/i },
    {
      what: 'a path of somebody’s machine',
      pattern: /(^|[\s'"`(=])\/(work|root|home|Users|tmp|mnt)\//,
    },
    {
      what: 'the host of a package registry',
      pattern: /registry\.npmjs|npmmirror|"resolved": "http/,
    },
    {
      what: 'a test that runs alone or not at all',
      pattern: /\b(it|test|describe)\.(only|skip|todo)\b|\b[fx](it|describe)\(/,
    },
    {
      what: 'a rule switched off without a reason',
      pattern: /(eslint-disable|@ts-(ignore|nocheck|expect-error)|prettier-ignore)(?!.* -- )/,
    },
  ])('has no text with $what', ({ pattern }) => {
    const found = files.flatMap(({ name, text }) =>
      text
        .split('\n')
        .flatMap((line, at) => (pattern.test(line) ? [`${name}:${at + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('has no statement whose limit a plan may ignore', () => {
    const found = files.flatMap(({ name, text }) =>
      looseLimits(text).map((query) => `${name}: ${query}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    { query: 'id IN (SELECT id FROM a WHERE b < now() LIMIT 1 FOR UPDATE)', isFound: true },
    { query: 'id IN (\n SELECT id FROM a LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)', isFound: true },
    { query: 'id IN (SELECT id FROM a FOR UPDATE) LIMIT 1', isFound: false },
    { query: 'id = (SELECT id FROM a LIMIT 1 FOR UPDATE)', isFound: false },
    { query: 'WITH b AS (SELECT id FROM a LIMIT 1 FOR UPDATE)', isFound: false },
  ])('would find one: $query', ({ query, isFound }) => {
    expect(looseLimits(query)).toHaveLength(isFound ? 1 : 0);
  });

  it('has no program of more than 300 lines of code', () => {
    const long = files
      .filter(({ name }) => /\.(ts|mjs)$/.test(name))
      .map(({ name, text }) => ({ name, lines: linesOfCode(text) }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });
});

function linesOfCode(text: string): number {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').split('\n');
  return code.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

/** Queries with a limit and a lock in a condition: a plan may carry them out again for each row. */
function looseLimits(text: string): readonly string[] {
  return [...text.matchAll(/\bIN (?=\(\s*SELECT\b)/g)]
    .map(({ 0: { length }, index }) => inBrackets(text, index + length))
    .filter((query) => /\bLIMIT\b[\s\S]*\bFOR (NO KEY )?UPDATE\b/.test(query));
}

/** From a bracket that opens to the one that closes it. */
function inBrackets(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return text.slice(open, at + 1);
  }
  return text.slice(open);
}
