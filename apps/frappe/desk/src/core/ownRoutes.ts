/**
 * Pages of the desk's own that stand at upstream's addresses: `print/Sales Order/SO-1`, `print-format-builder/My Format`,
 * `data-import/…`. Invariant: what isn't one of them is left to the route book.
 */
export type OwnRoute =
  | { kind: 'print'; doctype: string; name: string }
  | { kind: 'printBuilder'; format: string }
  | { kind: 'import'; name: string };

/** A page that a script draws; what follows its name is the script's own. */
export interface ScriptPageRoute { kind: 'page'; page: string; rest: string }

/** The own page that the parts of a path mean. */
export function ownRoute(parts: readonly string[]): OwnRoute | null {
  const [first, second, ...rest] = parts;
  if (first === 'print' && second && rest.length) return { kind: 'print', doctype: second, name: rest.join('/') };
  if ((first === 'print-format-builder' || first === 'print-format-builder-beta') && second) return { kind: 'printBuilder', format: [second, ...rest].join('/') };
  if (first === 'data-import' && second && second !== 'view') return { kind: 'import', name: second.startsWith('new') ? '' : [second, ...rest].join('/') };
  return null;
}

/** The path of an own page, below the desk's base. */
export function ownPath(route: OwnRoute | ScriptPageRoute): string {
  if (route.kind === 'page') return `/${[route.page, ...route.rest.split('/')].filter(Boolean).map(encodeURIComponent).join('/')}`;
  if (route.kind === 'print') return `/print/${encodeURIComponent(route.doctype)}/${encodeURIComponent(route.name)}`;
  if (route.kind === 'printBuilder') return `/print-format-builder/${encodeURIComponent(route.format)}`;
  return `/data-import/${route.name ? encodeURIComponent(route.name) : 'new'}`;
}
