/**
 * Pages of the desk's own that stand at upstream's addresses: `print/Sales Order/SO-1` and `print-format-builder/My Format`. Invariant: what isn't one of them is left to the route book.
 */
export type OwnRoute =
  | { kind: 'print'; doctype: string; name: string }
  | { kind: 'printBuilder'; format: string };

/** The own page that the parts of a path mean. */
export function ownRoute(parts: readonly string[]): OwnRoute | null {
  const [first, second, ...rest] = parts;
  if (first === 'print' && second && rest.length) return { kind: 'print', doctype: second, name: rest.join('/') };
  if ((first === 'print-format-builder' || first === 'print-format-builder-beta') && second) return { kind: 'printBuilder', format: [second, ...rest].join('/') };
  return null;
}

/** The path of an own page, below the desk's base. */
export function ownPath(route: OwnRoute): string {
  if (route.kind === 'print') return `/print/${encodeURIComponent(route.doctype)}/${encodeURIComponent(route.name)}`;
  return `/print-format-builder/${encodeURIComponent(route.format)}`;
}
