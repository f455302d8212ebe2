import js from '@eslint/js'
// @ts-expect-error -- the plugin ships no types
import jsxAccessibility from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'

/** Without a React plugin ESLint does not see that `<Panel>` uses the import `Panel`. */
const jsxUsesVariables = {
  create(/** @type {any} */ context) {
    return {
      JSXOpeningElement(/** @type {any} */ node) {
        let name = node.name
        while (name.type === 'JSXMemberExpression') name = name.object
        context.sourceCode.markVariableAsUsed(name.name, node)
      },
    }
  },
}

export default [
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  jsxAccessibility.flatConfigs.strict,
  reactHooks.configs.flat['recommended-latest'],
  {
    files: ['**/*.{js,jsx}'],
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: 'module',
      parserOptions: { ecmaFeatures: { jsx: true } },
      globals: globals.browser,
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { local: { rules: { 'jsx-uses-variables': jsxUsesVariables } } },
    rules: {
      'local/jsx-uses-variables': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'no-implicit-coercion': 'error',
      'no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['tests/**', 'scripts/**', '*.config.js'],
    languageOptions: { globals: { ...globals.node } },
    rules: { 'no-console': 'off', 'max-lines-per-function': 'off' },
  },
]
