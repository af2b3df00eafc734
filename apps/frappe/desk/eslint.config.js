import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import vue from 'eslint-plugin-vue';
import ts from 'typescript-eslint';

// Layers: app → ui → core. Nothing imports upwards, and core has no Vue, no router and no browser framework.
const layers = [
  { target: './src/core', from: './src/ui', message: 'core must not import ui' },
  { target: './src/core', from: './src/app', message: 'core must not import app' },
  { target: './src/ui', from: './src/app', message: 'ui must not import app' },
];

export default ts.config(
  { ignores: ['node_modules', 'dist', '../frappe/public'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { parser: ts.parser, ecmaVersion: 'latest', sourceType: 'module' } },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
      'import-x/extensions': ['.ts', '.vue'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'], 'vue-eslint-parser': ['.vue'] },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: layers }],
      'import-x/no-cycle': 'error',
      'no-undef': 'off',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      eqeqeq: 'error',
      complexity: ['error', 14],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always', normal: 'always', component: 'always' } }],
      'vue/first-attribute-linebreak': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error',
      'vue/multiline-html-element-content-newline': 'off',
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['vue', 'vue/*', 'vue-router', '@vue/*', '@lucide/*', 'frappe-ui*'], message: 'core has no Vue' }] }],
    },
  },
  { files: ['**/*.test.ts', 'tests/**', 'dev/**'], rules: { 'max-lines-per-function': 'off', complexity: 'off' } },
  { files: ['scripts/**', 'dev/**', '*.config.*'], rules: { 'no-console': 'off' }, languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
);
