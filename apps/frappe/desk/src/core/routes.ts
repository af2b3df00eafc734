/**
 * Addresses inside the desk. Upstream's forms are understood: `sales-order`, `sales-order/SO-1`, `sales-order/new`,
 * `sales-order/view/list`, and the older `List/Sales Order`, `Form/Sales Order/SO-1`.
 * Invariant: `parseRoute(toPath(route))` is `route`.
 */
import { ownPath, ownRoute, type OwnRoute, type ScriptPageRoute } from './ownRoutes';

export type Route =
  | OwnRoute
  | { kind: 'home' }
  | { kind: 'module'; module: string }
  | { kind: 'workspace'; workspace: string }
  | { kind: 'report'; report: string }
  | { kind: 'dashboard'; dashboard: string }
  | ScriptPageRoute
  | { kind: 'list'; doctype: string; view: string }
  | { kind: 'form'; doctype: string; name: string }
  | { kind: 'new'; doctype: string }
  | { kind: 'single'; doctype: string }
  | { kind: 'unknown'; path: string };

export interface KnownDocType { name: string; issingle?: number }

/** `Sales Order` → `sales-order`. */
export function slug(doctype: string): string {
  return doctype.toLowerCase().replace(/ /g, '-');
}

/** A workspace as far as addresses go. */
export interface KnownWorkspace { name: string; title?: string }

/** DocTypes, workspaces and pages of scripts, by slug and by name. */
export class RouteBook {
  private readonly bySlug = new Map<string, KnownDocType>();
  private readonly byName = new Map<string, KnownDocType>();
  private readonly workspaces = new Map<string, string>();
  private readonly pages: ReadonlySet<string>;

  constructor(doctypes: readonly KnownDocType[], workspaces: readonly KnownWorkspace[] = [], pages: readonly string[] = []) {
    this.pages = new Set(pages);
    for (const { name, title } of workspaces) this.workspaces.set(slug(title || name), name);
    for (const doctype of doctypes) {
      this.bySlug.set(slug(doctype.name), doctype);
      this.byName.set(doctype.name, doctype);
    }
  }

  /** The DocType of a slug or a name. */
  find(part: string): KnownDocType | undefined {
    return this.byName.get(part) ?? this.bySlug.get(part.toLowerCase());
  }

  /** What the parts of a path (decoded, without `app` or `desk`) mean. */
  parse(parts: readonly string[]): Route {
    const own = ownRoute(parts) ?? this.pageOf(parts);
    if (own) return own;
    const [first, second, third] = parts;
    if (!first || first === 'home') return { kind: 'home' };
    if (second) {
      const named = this.byKeyword(first, second, parts.slice(2));
      if (named) return named;
    }
    const workspace = second === undefined ? this.workspaces.get(first.toLowerCase()) : undefined;
    if (workspace) return { kind: 'workspace', workspace };
    const doctype = this.find(first);
    if (!doctype) return { kind: 'unknown', path: parts.join('/') };
    if (second === 'view') return this.listOf(doctype.name, third ?? 'list');
    if (second === undefined) return doctype.issingle ? { kind: 'single', doctype: doctype.name } : this.listOf(doctype.name, 'list');
    return this.documentOf(doctype.name, parts.slice(1).join('/'));
  }

  private pageOf([first = '', ...rest]: readonly string[]): Route | null {
    return this.pages.has(first) ? { kind: 'page', page: first, rest: rest.join('/') } : null;
  }

  /** The forms that begin with a word: `module/Stock`, `query-report/Stock Ledger`, `List/Sales Order`, `Form/Sales Order/SO-1`. */
  private byKeyword(word: string, what: string, rest: readonly string[]): Route | null {
    const name = [what, ...rest].join('/');
    const forms: Record<string, () => Route> = {
      module: () => ({ kind: 'module', module: what }),
      workspaces: () => this.workspaceOf(what),
      Workspaces: () => this.workspaceOf(what),
      private: () => this.workspaceOf(what),
      'query-report': () => ({ kind: 'report', report: name }),
      'dashboard-view': () => ({ kind: 'dashboard', dashboard: name }),
      List: () => this.listOf(what, rest[0] ?? 'list'),
      Tree: () => this.listOf(what, 'tree'),
      Form: () => this.documentOf(what, rest.join('/')),
    };
    return Object.hasOwn(forms, word) ? forms[word]!() : null;
  }

  private workspaceOf(what: string): Route {
    const name = this.workspaces.get(slug(what));
    return name ? { kind: 'workspace', workspace: name } : { kind: 'unknown', path: what };
  }

  private listOf(doctype: string, view: string): Route {
    const known = this.find(doctype);
    return known ? { kind: 'list', doctype: known.name, view: view.toLowerCase() } : { kind: 'unknown', path: doctype };
  }

  private documentOf(doctype: string, name: string): Route {
    const known = this.find(doctype);
    if (!known) return { kind: 'unknown', path: `${doctype}/${name}` };
    if (known.issingle) return { kind: 'single', doctype: known.name };
    if (!name || name === 'new' || name.startsWith(`new-${slug(known.name)}`)) return { kind: 'new', doctype: known.name };
    return { kind: 'form', doctype: known.name, name };
  }
}

const viewPath = (view: string): string => (view === 'list' ? '' : `/view/${view}`);

/** The path of a route, below the desk's base, with a leading slash. */
export function toPath(route: Route): string {
  switch (route.kind) {
    case 'home': return '/';
    case 'module': return `/module/${encodeURIComponent(route.module)}`;
    case 'workspace': return `/${encodeURIComponent(slug(route.workspace))}`;
    case 'report': return `/query-report/${encodeURIComponent(route.report)}`;
    case 'dashboard': return `/dashboard-view/${encodeURIComponent(route.dashboard)}`;
    case 'list': return `/${slug(route.doctype)}${viewPath(route.view)}`;
    case 'form': return `/${slug(route.doctype)}/${encodeURIComponent(route.name)}`;
    case 'new': return `/${slug(route.doctype)}/new`;
    case 'single': return `/${slug(route.doctype)}`;
    case 'unknown': return `/${route.path}`;
    default: return ownPath(route);
  }
}

/** The route that `frappe.set_route(…)` means: parts, an array, or a path with or without the base. */
export function routeFromArguments(args: readonly unknown[]): string[] {
  const flat = args.flat().filter((part) => part !== null && part !== undefined && typeof part !== 'object').map(String);
  const parts = flat.length === 1 ? flat[0]!.split('/').map(decodeURIComponent) : flat;
  const trimmed = parts.filter((part, index) => part !== '' || index > 0);
  return trimmed[0] === 'app' || trimmed[0] === 'desk' ? trimmed.slice(1) : trimmed;
}

/** Where to go after login: only a path of this site, never another host. */
export function safeRedirect(target: string | null | undefined, fallback: string): string {
  return target && /^\/(?![/\\])/.test(target) && !target.startsWith('/login') ? target : fallback;
}
