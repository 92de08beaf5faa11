import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { PROJECT_ROOT } from '../../src/platform/project-root.ts';

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

const CONFIG = join(PROJECT_ROOT, '.config', 'dependency-cruiser.mjs');
const CRUISER = join(
  PROJECT_ROOT,
  'node_modules',
  'dependency-cruiser',
  'bin',
  'dependency-cruise.mjs',
);

const ARROWS = JSON.parse(
  readFileSync(join(PROJECT_ROOT, '.config', 'feature-arrows.json'), 'utf8'),
) as Record<string, readonly string[]>;

/** A small tree that keeps all rules, for the planted ones to be planted in. */
const GOOD_TREE: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { luxon: '*', typeorm: '*', '@nestjs/common': '*' },
    devDependencies: { vitest: '*' },
  }),
  'tsconfig.json':
    '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }',
  ...installed('luxon', 'typeorm', 'vitest', '@nestjs/common'),
  'src/core/time/time.ts': `import 'luxon';\nexport const MINUTE_MS = 60_000;\nexport type EpochMs = number;`,
  'src/platform/clock.ts': `import type { EpochMs } from '../core/time/time.ts';\nexport const now = (): EpochMs => 0;`,
  'src/platform/database/statement.ts': `import 'typeorm';\nexport const run = 1;`,
  'src/features/orders/index.ts': `export { orders } from './orders.service.ts';`,
  'src/features/orders/orders.service.ts': `import '../../platform/database/statement.ts';\nexport const orders = 1;`,
  'src/features/imports/index.ts': `import { orders } from '../orders/index.ts';\nexport const imports = orders;`,
  'src/features/imports/imports.resolver.ts': `import type { EpochMs } from '../../core/time/time.ts';\nexport type At = EpochMs;`,
  'src/jobs/sweep.ts': `import { orders } from '../features/orders/index.ts';\nexport const sweep = orders;`,
  'src/channels/console.ts': `import '../platform/clock.ts';`,
  'src/main.ts': `import './features/imports/index.ts';`,
  'migrations/1-create-a.ts': `import 'typeorm';`,
  'test/support/fixture.ts': `export const fixture = 1;`,
};

/** For each rule a file that breaks it. */
const PLANTED: readonly { readonly rule: string; readonly file: string; readonly text: string }[] =
  [
    {
      rule: 'core-imports-core-and-luxon-alone',
      file: 'src/core/a.ts',
      text: `import '@nestjs/common';`,
    },
    { rule: 'core-imports-core-and-luxon-alone', file: 'src/core/b.ts', text: `import 'node:fs';` },
    {
      rule: 'core-imports-core-and-luxon-alone',
      file: 'src/core/c.ts',
      text: `import type { At } from '../features/imports/imports.resolver.ts';\nexport type B = At;`,
    },
    { rule: 'core-reaches-nothing-else', file: 'src/core/d.ts', text: `import './e.ts';` },
    {
      rule: 'core-reaches-nothing-else',
      file: 'src/core/e.ts',
      text: `import '../platform/database/statement.ts';`,
    },
    {
      rule: 'platform-knows-no-feature',
      file: 'src/platform/a.ts',
      text: `import '../features/orders/index.ts';`,
    },
    { rule: 'platform-knows-no-feature', file: 'src/platform/b.ts', text: `import '../main.ts';` },
    {
      rule: 'features-through-their-index',
      file: 'src/features/imports/a.ts',
      text: `import '../orders/orders.service.ts';`,
    },
    {
      rule: 'others-through-the-index-of-a-feature',
      file: 'src/commands/a.ts',
      text: `import '../features/orders/orders.service.ts';`,
    },
    {
      rule: 'declared-features-only',
      file: 'src/features/undeclared/a.ts',
      text: `import '../orders/index.ts';`,
    },
    {
      rule: 'a-resolver-holds-no-database',
      file: 'src/features/orders/a.resolver.ts',
      text: `import 'typeorm';`,
    },
    {
      rule: 'a-resolver-holds-no-database',
      file: 'src/features/orders/b.resolver.ts',
      text: `import '../../platform/database/statement.ts';`,
    },
    {
      rule: 'a-resolver-holds-no-rule',
      file: 'src/features/orders/c.resolver.ts',
      text: `import { MINUTE_MS } from '../../core/time/time.ts';\nexport const a = MINUTE_MS;`,
    },
    {
      rule: 'a-channel-knows-no-feature',
      file: 'src/channels/a.ts',
      text: `import '../features/orders/index.ts';`,
    },
    { rule: 'jobs-are-thin', file: 'src/jobs/a.ts', text: `import 'typeorm';` },
    { rule: 'jobs-are-thin', file: 'src/jobs/b.ts', text: `import '../channels/console.ts';` },
    {
      rule: 'a-migration-imports-nothing-of-ours',
      file: 'migrations/2-a.ts',
      text: `import '../src/platform/clock.ts';`,
    },
    {
      rule: 'programs-import-no-tests',
      file: 'src/platform/c.ts',
      text: `import '../../test/support/fixture.ts';`,
    },
    {
      rule: 'programs-need-no-development-package',
      file: 'src/platform/d.ts',
      text: `import 'vitest';`,
    },
    { rule: 'no-cycle', file: 'src/platform/e.ts', text: `import './f.ts';` },
    { rule: 'nothing-unresolved', file: 'src/platform/g.ts', text: `import './not-there.ts';` },
    ...Object.entries(ARROWS).map(([feature, used]) => {
      const forbidden = ['availability', 'orders', 'imports', 'health'].find(
        (name) => name !== feature && !used.includes(name),
      );
      return {
        rule: `feature-arrows-of-${feature}`,
        file: `src/features/${feature}/against-the-arrow.ts`,
        text: `import '../${forbidden ?? 'undeclared'}/index.ts';`,
      };
    }),
  ];

function installed(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' })],
      [`node_modules/${name}/index.js`, ''],
    ]),
  );
}

/** Exit codes do not tell "rules are broken" from "did not run", the JSON on standard output does. */
function violationsIn(directory: string): Promise<readonly Violation[]> {
  const args = [CRUISER, '--config', CONFIG, '--output-type', 'json', 'src', 'migrations'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: directory, maxBuffer: 2 ** 26 }, (error, out) => {
      if (out === '') reject(error ?? new Error('dependency-cruiser said nothing'));
      else
        resolve((JSON.parse(out) as { summary: { violations: Violation[] } }).summary.violations);
    });
  });
}

describe('the import rules', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'welt-imports-'));
    plant(GOOD_TREE);
  });

  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  function plant(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), `${text}\n`);
    }
  }

  it('are kept by this project', async () => {
    expect(await violationsIn(PROJECT_ROOT)).toEqual([]);
  });

  it('let pass what keeps them, and catch each planted breach', async () => {
    expect(await violationsIn(directory)).toEqual([]);
    plant(Object.fromEntries(PLANTED.map(({ file, text }) => [file, text])));
    plant({
      'src/features/availability/index.ts': '',
      'src/features/health/index.ts': '',
      'src/platform/f.ts': `import './e.ts';`,
    });

    const caught = new Set(
      (await violationsIn(directory)).map(({ rule, from }) => `${rule.name}: ${from}`),
    );
    const missed = PLANTED.filter(({ rule, file }) => !caught.has(`${rule}: ${file}`));
    expect(missed).toEqual([]);
  });

  it('have a planted breach each', async () => {
    const { default: config } = (await import(CONFIG)) as {
      default: { forbidden: { name: string }[] };
    };
    const planted = new Set(PLANTED.map(({ rule }) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual(
      [],
    );
  });
});
