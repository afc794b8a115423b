import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import { configs as webComponents } from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const ENVIRONMENT = 'The outside world is handed in: see src/client/environment.ts.';
const outside = (names) => names.map((name) => ({ name, message: ENVIRONMENT }));

export default tseslint.config(
  { ignores: ['.simulation/', 'build/', 'coverage/', 'data/', 'demo/frameworks/built/', 'dist/', 'test-results/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mjs,js}'],
    rules: {
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strict],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['playwright.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // node:test's own promises are the runner's to await.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    // Every assertion of @open-wc/testing's chai is typed as something to await.
    files: ['test/browser/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
  {
    files: ['src/elements/**/*.ts', 'src/insights/**/*.ts', 'src/index.ts'],
    extends: [lit['flat/recommended'], litA11y.configs['recommended'], webComponents['flat/best-practice']].flat(),
    settings: { wc: { elementBaseClasses: ['LitElement'] } },
    rules: {
      'wc/guard-super-call': 'off', // LitElement has every callback
      'lit-a11y/no-autofocus': 'off', // inside a dialog it is how the first focus is chosen
    },
  },
  {
    // A framework's list of elements is where the framework keeps it: in a namespace.
    files: ['src/frameworks/**/*.ts'],
    rules: { '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }] },
  },
  {
    files: ['src/client/**/*.ts', 'src/elements/**/*.ts', 'src/insights/**/*.ts'],
    ignores: ['**/*environment.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        {
          globals: outside([
            ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'BroadcastChannel'],
            ...['setTimeout', 'setInterval', 'performance', 'crypto', 'navigator'],
            ...['indexedDB', 'localStorage', 'sessionStorage'],
          ]),
          checkGlobalObject: true,
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: ENVIRONMENT },
        { object: 'Math', property: 'random', message: ENVIRONMENT },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: ENVIRONMENT },
      ],
    },
  },
);
