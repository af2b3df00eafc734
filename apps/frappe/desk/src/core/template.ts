/**
 * Small templates of scripts (`frappe.render_template`): text with `{{ expression }}`, conditions and loops.
 * The Content-Security-Policy lets no text be run as a program, so this reads a part of the language: `{% if a %}`, `{% elif %}`,
 * `{% else %}`, `{% endif %}`, `{% for row in rows %}`, `{% endfor %}`, `{% var x = … %}` (or `let`, `const`, `set`), and the same with
 * braces: `{% if (a) { %}`, `{% } else if (b) { %}`, `{% } else { %}`, `{% rows.forEach((row, i) => { %}`,
 * `{% for (var i = 0; i < rows.length; i++) { %}`, `{% } %}`, `{% }) %}`.
 * Invariant: pure; nothing but expressions is worked out, and what can't be read raises an `Error` that names it.
 */
import { evaluate } from './expressions';

type Names = Readonly<Record<string, unknown>>;
type Part = { kind: 'text'; text: string } | { kind: 'value'; source: string } | { kind: 'tag'; source: string };
type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; source: string }
  | { kind: 'set'; name: string; source: string }
  | { kind: 'if'; branches: { condition: string | null; body: Node[] }[] }
  | { kind: 'for'; item: string; index: string | null; list: string; body: Node[] }
  | { kind: 'count'; name: string; from: string; to: string; isInclusive: boolean; body: Node[] };

/** The template filled with values. Raises `Error` for what it can't read. */
export function renderTemplate(template: string, values: Names): string {
  const parts = split(template);
  const { nodes, rest } = read(parts, 0);
  if (rest < parts.length) throw new Error(`Nothing is open for {% ${(parts[rest] as { source: string }).source} %}`);
  return fill(nodes, { ...values });
}

function split(template: string): Part[] {
  const bare = template.replace(/\{#[\s\S]*?#\}/g, '');
  return bare.split(/(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/).filter(Boolean).map((text): Part => {
    const inner = text.slice(2, -2).replace(/^[-=]|-$/g, '').trim();
    if (text.startsWith('{{')) return { kind: 'value', source: inner };
    if (!text.startsWith('{%')) return { kind: 'text', text };
    return text.startsWith('{%=') ? { kind: 'value', source: inner } : { kind: 'tag', source: inner };
  });
}

const MIDDLE = /^(\}?\s*(else\b|elif\b|elseif\b))/;
const END = /^(end(if|for)?|\}\)?;?)$/;

/** Reads nodes up to a tag that ends or divides what is open. */
function read(parts: readonly Part[], start: number): { nodes: Node[]; rest: number } {
  const nodes: Node[] = [];
  let at = start;
  while (at < parts.length) {
    const part = parts[at]!;
    if (part.kind !== 'tag') {
      nodes.push(part);
      at += 1;
    } else if (END.test(part.source) || MIDDLE.test(part.source)) break;
    else {
      const { node, rest } = readTag(parts, at);
      nodes.push(...node);
      at = rest;
    }
  }
  return { nodes, rest: at };
}

function readTag(parts: readonly Part[], at: number): { node: Node[]; rest: number } {
  const { source } = parts[at] as { source: string };
  const assigned = /^(?:var|let|const|set)\s+(\w+)\s*=\s*([\s\S]+?);?$/.exec(source);
  if (assigned) return { node: [{ kind: 'set', name: assigned[1]!, source: assigned[2]! }], rest: at + 1 };
  if (/^if\b/.test(source)) return readIf(parts, at);
  const loop = readLoop(source);
  if (!loop) throw new Error(`Not understood in a template: {% ${source} %}`);
  const { nodes, rest } = read(parts, at + 1);
  expectEnd(parts, rest, source);
  return { node: [{ ...loop, body: nodes }], rest: rest + 1 };
}

function readLoop(source: string): Exclude<Node, { kind: 'text' | 'value' | 'set' | 'if' }> | null {
  const each = /^for\s+(\w+)\s+in\s+([\s\S]+)$/.exec(source) ?? /^for\s*\(\s*(?:var|let|const)\s+(\w+)\s+of\s+([\s\S]+?)\)\s*\{$/.exec(source);
  if (each) return { kind: 'for', item: each[1]!, index: null, list: each[2]!, body: [] };
  const forEach = /^([\s\S]+?)\.forEach\(\s*(?:function\s*)?\(?\s*(\w+)\s*(?:,\s*(\w+)\s*)?\)?\s*(?:=>)?\s*\{$/.exec(source);
  if (forEach) return { kind: 'for', item: forEach[2]!, index: forEach[3] ?? null, list: forEach[1]!, body: [] };
  const count = /^for\s*\(\s*(?:var|let)\s+(\w+)\s*=\s*([^;]+?)\s*;\s*\1\s*(<=?)\s*([^;]+?)\s*;\s*\1\+\+\s*\)\s*\{$/.exec(source);
  return count ? { kind: 'count', name: count[1]!, from: count[2]!, to: count[4]!, isInclusive: count[3] === '<=', body: [] } : null;
}

function readIf(parts: readonly Part[], start: number): { node: Node[]; rest: number } {
  const branches: { condition: string | null; body: Node[] }[] = [];
  let at = start;
  for (;;) {
    const { source } = parts[at] as { source: string };
    const { nodes, rest } = read(parts, at + 1);
    branches.push({ condition: conditionOf(source), body: nodes });
    const next = parts[rest];
    if (next?.kind === 'tag' && MIDDLE.test(next.source)) {
      at = rest;
      continue;
    }
    expectEnd(parts, rest, source);
    return { node: [{ kind: 'if', branches }], rest: rest + 1 };
  }
}

/** The condition of `if (a) {`, `} else if (a) {`, `elif a`; `null` for `else`. */
function conditionOf(source: string): string | null {
  const bare = source.replace(/^\}\s*/, '').replace(/\s*\{$/, '').replace(/^(else\s+if|elseif|elif|if)\b/, '').trim();
  if (/^else$/.test(bare)) return null;
  return bare.replace(/:$/, '');
}

function expectEnd(parts: readonly Part[], at: number, opened: string): void {
  const part = parts[at];
  if (part?.kind !== 'tag' || !END.test(part.source)) throw new Error(`{% ${opened} %} is not closed`);
}

function work(source: string, names: Names): unknown {
  return evaluate(`eval:${source}`, { doc: names, names });
}

function fill(nodes: readonly Node[], names: Record<string, unknown>): string {
  return nodes.map((node): string => {
    switch (node.kind) {
      case 'text': return node.text;
      case 'value': return textOf(work(node.source, names));
      case 'set': names[node.name] = work(node.source, names); return '';
      case 'if': return fill(node.branches.find(({ condition }) => condition === null || Boolean(work(condition, names)))?.body ?? [], names);
      case 'for': return listOf(work(node.list, names)).map((item, index) => fill(node.body, { ...names, [node.item]: item, ...(node.index ? { [node.index]: index } : {}) })).join('');
      case 'count': return counted(node, names).map((value) => fill(node.body, { ...names, [node.name]: value })).join('');
    }
  }).join('');
}

const MOST_ROUNDS = 100_000;

function counted({ from, to, isInclusive }: { from: string; to: string; isInclusive: boolean }, names: Names): number[] {
  const start = Number(work(from, names));
  const rounds = Number(work(to, names)) - start + (isInclusive ? 1 : 0);
  return Array.from({ length: Math.max(0, Math.min(rounds, MOST_ROUNDS)) }, (_, index) => start + index);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value as string));
