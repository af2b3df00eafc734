/** Every word of the desk is translated, and nothing is written past the translation. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@vue/compiler-sfc';
import { describe, expect, it } from 'vitest';
import { STANDARD_FIELDS } from '@/core/meta/meta';
import zh from '@/locales/zh';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => `src/${path}`)
  .filter((path) => /\.(ts|vue)$/.test(path) && !/\.test\.ts$|locales|expressions/.test(path));
const CALL = /\b__\(\s*'((?:[^'\\]|\\.)*)'(?:\s*,\s*(?:null|\[[^\]]*\]|\{[^}]*\})\s*,\s*'(Desk)')?/g;

/** The sources that `__` is called with, `word:Desk` where the call says so. */
function sourcesIn(text: string): string[] {
  return [...text.matchAll(CALL)].map(([, source = '', context]) => source.replace(/\\'/g, "'") + (context ? `:${context}` : ''));
}

const used = new Set([...files.flatMap((path) => sourcesIn(readFileSync(path, 'utf8'))), ...STANDARD_FIELDS.map((field) => field.label!)]);

interface TemplateNode { type: number; tag?: string; content?: unknown; loc: { source: string; start: { line: number } }; children?: TemplateNode[]; props?: { type: number; name: string; value?: { content: string }; loc: { start: { line: number } } }[]; branches?: TemplateNode[] }

const SPOKEN = new Set(['label', 'title', 'placeholder', 'aria-label', 'alt', 'hint', 'aria-description']);
/** Names of languages in themselves, key names, a sample of coordinates, the mark of the product. */
const NOT_WORDS = /^(中文|English|EC|Ctrl|31\.2304, 121\.4737|[^\p{L}]*)$/u;

/** Words in a template that don't go through `__`. */
function rawWords(node: TemplateNode, path: string): string[] {
  const own: string[] = [];
  if (node.type === 2 && !NOT_WORDS.test(String(node.content).trim())) own.push(`${path}:${node.loc.start.line} ${String(node.content).trim()}`);
  for (const prop of node.props ?? []) {
    if (prop.type === 6 && SPOKEN.has(prop.name) && prop.value && !NOT_WORDS.test(prop.value.content)) own.push(`${path}:${prop.loc.start.line} ${prop.name}="${prop.value.content}"`);
  }
  return [...own, ...(node.children ?? []).flatMap((child) => rawWords(child, path))];
}

describe('the translation', () => {
  it('has every word of the desk in Chinese', () => {
    expect([...used].filter((source) => !zh[source]).sort()).toEqual([]);
  });

  it('has no word that the desk no longer uses', () => {
    expect(Object.keys(zh).filter((source) => !used.has(source)).sort()).toEqual([]);
  });

  it('keeps every placeholder', () => {
    const marks = (text: string): string => (text.match(/\{\d\}/g) ?? []).sort().join();
    expect(Object.entries(zh).filter(([source, target]) => marks(source) !== marks(target))).toEqual([]);
  });

  it('is called with plain text in single quotes, so that this test sees it', () => {
    const odd = files.filter((path) => /\b__\(\s*["`]/.test(readFileSync(path, 'utf8')));
    expect(odd).toEqual([]);
  });

  it('is passed by no text in a template', () => {
    const raw = files.filter((path) => path.endsWith('.vue')).flatMap((path) => {
      const ast = parse(readFileSync(path, 'utf8')).descriptor.template?.ast as TemplateNode | undefined;
      return ast ? rawWords(ast, path) : [];
    });
    expect(raw).toEqual([]);
  });
});
