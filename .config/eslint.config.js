import js from '@eslint/js'
import globals from 'globals'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['**/dist/', '**/release/', '**/node_modules/', '**/test-results/', '**/playwright-report/'] },
  js.configs.recommended,
  { files: ['**/*.mjs', '**/*.cjs', '**/*.js'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    // The rules that need types are oxlint's (.config/oxlint.json), which reads them in an eighth of the time.
    extends: [tseslint.configs.strict],
    rules: { '@typescript-eslint/consistent-type-imports': 'error' },
  },
  {
    files: ['tests/e2e/**/*.ts'],
    // Playwright reads a fixture's dependencies off this pattern, also when there are none.
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  { files: ['renderer/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  // It warns of libraries that the React Compiler must skip (TanStack Virtual); Regie is built without that compiler.
  { files: ['renderer/**/*.{ts,tsx}'], rules: { 'react-hooks/incompatible-library': 'off' } },
  {
    // Only the desktop entry and the shell know Electron: everything else must run in plain node.
    files: ['**/*.{ts,tsx}'],
    ignores: ['electron/main.ts', 'electron/shell/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'electron', message: "Only electron/main.ts and electron/shell/ may import 'electron'." },
            { name: 'electron/main', message: "Only electron/main.ts and electron/shell/ may import 'electron'." },
            { name: 'electron-store', message: 'It imports electron; use conf outside electron/shell/.' },
          ],
        },
      ],
    },
  },
  {
    // A listener that is forgotten on a signal that lives on is a leak: one place knows how to leave it.
    files: ['electron/**/*.ts'],
    ignores: ['electron/async/**', 'electron/simulator/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='addEventListener'][arguments.0.value='abort']",
          message: 'Use onAbort, orAborted or a wake of electron/async/, which leave nothing on the signal.',
        },
      ],
    },
  },
)
