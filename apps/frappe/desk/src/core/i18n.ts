/**
 * Translation. One mechanism: `__(english, args, context)`; the site's messages win over the desk's own catalogue.
 * Invariant: an unknown source comes back in English, with its arguments filled in.
 */
export type Catalogue = Readonly<Record<string, string>>;
export type MessageArgs = readonly unknown[] | Readonly<Record<string, unknown>> | null;

let catalogues: Catalogue[] = [];
let language = 'en';

/** Sets the language and its catalogues; the first one that knows a source wins. */
export function setCatalogues(lang: string, ...sources: Catalogue[]): void {
  language = lang;
  catalogues = sources;
}

/** Adds translations that came later (a DocType's own messages); they win over what is there. */
export function addMessages(messages: Catalogue): void {
  catalogues = [messages, ...catalogues];
}

/** The language in use, as a BCP 47 tag that `Intl` understands. */
export function locale(): string {
  if (language.startsWith('zh')) return language.toLowerCase().includes('tw') ? 'zh-TW' : 'zh-CN';
  return language.replace('_', '-');
}

function lookUp(source: string, context?: string | null): string {
  // The exact meaning first, wherever it is given; only then the word as such.
  const keys = context ? [`${source}:${context}`, source] : [source];
  for (const key of keys) {
    for (const catalogue of catalogues) if (catalogue[key]) return catalogue[key];
  }
  return source;
}

/** Puts `args` for `{0}`, `{1}` … or `{name}`; a placeholder without a value stays as it is. */
export function fill(text: string, args: MessageArgs | undefined): string {
  if (!args) return text;
  const values = args as Record<string, unknown>;
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => (values[key] === undefined ? whole : String(values[key])));
}

/** Translates `source` (English) into the language in use. `context` tells apart equal words of different meaning. */
export function __(source: string, args?: MessageArgs, context?: string | null): string {
  if (!source) return source;
  return fill(lookUp(source, context), args);
}
