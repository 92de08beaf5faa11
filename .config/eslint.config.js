import tseslint from 'typescript-eslint';

/** Sizes are those of the house style: a function of 50 lines, a file of 300, a constructor of 6. */
export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/.build/**', '**/.data/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: '../tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 6],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Nest declares its options as classes that do not exist at run time.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['test/**/*.ts', 'migrations/*.ts'], // lists of cases; SQL
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['test/**/*.ts'], // matchers as expect.any(String) are typed as any
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
);
