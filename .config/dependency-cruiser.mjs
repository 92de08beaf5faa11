import { readFileSync } from 'node:fs';

/** Which feature may use which others, through their index.ts. */
const ARROWS = JSON.parse(readFileSync(new URL('feature-arrows.json', import.meta.url), 'utf8'));

const PURE = '^src/core/|^node_modules/(@types/)?luxon/';
const DATABASE = '^src/platform/database/|^node_modules/(@types/)?(typeorm|pg|@nestjs/typeorm)/';
const LOADED_AT_RUN_TIME = { dependencyTypesNot: ['type-only'] };

const featureArrows = Object.entries(ARROWS).map(([feature, used]) => ({
  name: `feature-arrows-of-${feature}`,
  comment: 'A feature uses the features that .config/feature-arrows.json allows it.',
  severity: 'error',
  from: { path: `^src/features/${feature}/` },
  to: { path: '^src/features/', pathNot: `^src/features/(${[feature, ...used].join('|')})/` },
}));

const rules = [
  {
    name: 'core-imports-core-and-luxon-alone',
    comment: 'The engine is pure: no NestJS, no database, no input or output.',
    from: { path: '^src/core/' },
    to: { pathNot: PURE },
  },
  {
    name: 'core-reaches-nothing-else',
    comment: 'Nor by a detour.',
    from: { path: '^src/core/' },
    to: { pathNot: PURE, reachable: true },
  },
  {
    name: 'platform-knows-no-feature',
    comment: 'Plumbing has no business word.',
    from: { path: '^src/platform/' },
    to: { path: '^src/(features|channels|jobs|commands|[^/]+[.]ts)' },
  },
  {
    name: 'features-through-their-index',
    comment: 'What a feature does not export from index.ts is its own.',
    from: { path: '^src/features/([^/]+)/' },
    to: { path: '^src/features/', pathNot: '^src/features/($1/|[^/]+/index[.]ts$)' },
  },
  {
    name: 'others-through-the-index-of-a-feature',
    comment: 'What a feature does not export from index.ts is its own.',
    from: { path: '^src/', pathNot: '^src/features/' },
    to: { path: '^src/features/', pathNot: '^src/features/[^/]+/index[.]ts$' },
  },
  {
    name: 'declared-features-only',
    comment: 'A feature that uses others is named in .config/feature-arrows.json.',
    from: {
      path: '^src/features/([^/]+)/',
      pathNot: `^src/features/(${Object.keys(ARROWS).join('|')})/`,
    },
    to: { path: '^src/features/', pathNot: '^src/features/$1/' },
  },
  {
    name: 'a-resolver-holds-no-database',
    comment: 'A resolver maps a question to one call of its feature.',
    from: { path: '[.]resolver[.]ts$' },
    to: { path: DATABASE },
  },
  {
    name: 'a-resolver-holds-no-rule',
    comment: 'Rules are asked by services; a resolver may name the types of core.',
    from: { path: '[.]resolver[.]ts$' },
    to: { path: '^src/core/', ...LOADED_AT_RUN_TIME },
  },
  {
    name: 'a-channel-knows-no-feature',
    from: { path: '^src/channels/' },
    to: { path: '^src/(features|jobs|commands)/' },
  },
  {
    name: 'jobs-are-thin',
    comment: 'A job calls a feature; it holds no database.',
    from: { path: '^src/jobs/' },
    to: { path: `^src/(channels|commands)/|${DATABASE}` },
  },
  {
    name: 'a-migration-imports-nothing-of-ours',
    comment: 'It must mean the same for ever.',
    from: { path: '^migrations/' },
    to: { path: '^(src|test|seeds)/' },
  },
  {
    name: 'programs-import-no-tests',
    from: { path: '^(src|migrations)/' },
    to: { path: '^test/' },
  },
  {
    name: 'programs-need-no-development-package',
    from: { path: '^(src|migrations)/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown'], ...LOADED_AT_RUN_TIME },
  },
  { name: 'no-cycle', from: {}, to: { circular: true } },
  { name: 'nothing-unresolved', from: {}, to: { couldNotResolve: true } },
];

export default {
  forbidden: [...rules.map((rule) => ({ severity: 'error', ...rule })), ...featureArrows],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
