/**
 * Workspaces as their documents describe them: which blocks stand on a page, and where their links lead.
 * Invariant: pure; a block whose part is missing (no right to it, or deleted) is left out.
 */
import { readFilters, type Filter } from './filters';
import { parseJson } from './json';
import { slug, type Route } from './routes';

export interface WorkspacePage {
  name: string;
  title?: string;
  label?: string;
  module?: string | null;
  icon?: string | null;
  content?: string | null;
  public?: number | boolean;
  for_user?: string | null;
  parent_page?: string | null;
  sequence_id?: number;
  /** The DocTypes that its cards and shortcuts lead to, in their order. */
  doctypes?: string[];
  type?: string | null;
  [key: string]: unknown;
}

export interface Shortcut {
  label: string;
  type: 'DocType' | 'Report' | 'Page' | 'Dashboard' | 'URL';
  link_to?: string;
  url?: string | null;
  doc_view?: string | null;
  stats_filter?: string | null;
  format?: string | null;
  color?: string | null;
  report_ref_doctype?: string | null;
}

export interface WorkspaceLink { label: string; link_type?: string; link_to?: string; is_query_report?: number; report_ref_doctype?: string | null; description?: string | null }
export interface LinkCard { label: string; links: WorkspaceLink[] }
export interface QuickListPart { label: string; document_type: string; quick_list_filter?: string | null }
export interface ChartPart { chart_name: string; label?: string | null }
export interface NumberCardPart { number_card_name: string; label?: string | null }
export interface OnboardingPart { label?: string; title?: string; subtitle?: string; items: OnboardingStep[] }
export interface OnboardingStep { name: string; title: string; description?: string | null; is_complete?: number; is_skipped?: number; action?: string; reference_document?: string | null; path?: string | null }

/** What `get_desktop_page` answers. */
export interface DesktopPage {
  shortcuts?: { items: Shortcut[] };
  cards?: { items: LinkCard[] };
  quick_lists?: { items: QuickListPart[] };
  charts?: { items: ChartPart[] };
  number_cards?: { items: NumberCardPart[] };
  onboardings?: { items: OnboardingPart[] };
}

export type Block =
  | { kind: 'header'; width: number; text: string }
  | { kind: 'paragraph'; width: number; text: string }
  | { kind: 'spacer'; width: number }
  | { kind: 'shortcut'; width: number; shortcut: Shortcut }
  | { kind: 'card'; width: number; card: LinkCard }
  | { kind: 'quick_list'; width: number; list: QuickListPart }
  | { kind: 'chart'; width: number; chart: ChartPart }
  | { kind: 'number_card'; width: number; card: NumberCardPart }
  | { kind: 'onboarding'; width: number; onboarding: OnboardingPart };

interface RawBlock { type?: string; data?: Record<string, unknown> }

/** The blocks of a page in their order, each with its width in twelfths. Without an order of its own: a usual one. */
export function readBlocks(content: unknown, page: DesktopPage): Block[] {
  const raw = parseJson<RawBlock[]>(content, []);
  const blocks = Array.isArray(raw) ? raw.flatMap((block) => readBlock(block, page)) : [];
  return blocks.some((block) => !['header', 'spacer'].includes(block.kind)) ? withoutLoneHeaders(blocks) : usualBlocks(page);
}

const BUILDERS: Readonly<Record<string, (data: Record<string, unknown>, page: DesktopPage, width: number) => Block | null>> = {
  header: (data, _page, width) => ({ kind: 'header', width, text: String(data.text ?? '') }),
  paragraph: (data, _page, width) => (data.text ? { kind: 'paragraph', width, text: String(data.text) } : null),
  spacer: (_data, _page, width) => ({ kind: 'spacer', width }),
  shortcut: (data, page, width) => withPart(page.shortcuts?.items, (item) => item.label === data.shortcut_name, (shortcut) => ({ kind: 'shortcut', width, shortcut })),
  card: (data, page, width) => withPart(page.cards?.items, (item) => item.label === data.card_name, (card) => ({ kind: 'card', width, card })),
  quick_list: (data, page, width) => withPart(page.quick_lists?.items, (item) => item.label === data.quick_list_name, (list) => ({ kind: 'quick_list', width, list })),
  chart: (data, page, width) => withPart(page.charts?.items, (item) => [item.label, item.chart_name].includes(String(data.chart_name)), (chart) => ({ kind: 'chart', width, chart })),
  number_card: (data, page, width) => withPart(page.number_cards?.items, (item) => [item.label, item.number_card_name].includes(String(data.number_card_name)), (card) => ({ kind: 'number_card', width, card })),
  onboarding: (data, page, width) => withPart(page.onboardings?.items, (item) => item.label === data.onboarding_name, (onboarding) => ({ kind: 'onboarding', width, onboarding })),
};

function readBlock({ type, data = {} }: RawBlock, page: DesktopPage): Block[] {
  const width = Math.min(12, Math.max(1, Number(data.col) || 12));
  const block = BUILDERS[type ?? '']?.(data, page, width);
  return block ? [block] : [];
}

function withPart<Part, Made>(parts: readonly Part[] | undefined, fits: (part: Part) => boolean, make: (part: Part) => Made): Made | null {
  const part = parts?.find(fits);
  return part === undefined ? null : make(part);
}

/** A heading with nothing below it (all of it needs other rights) is left out. */
function withoutLoneHeaders(blocks: Block[]): Block[] {
  return blocks.filter((block, index) => {
    if (block.kind !== 'header') return true;
    const next = blocks.slice(index + 1).find((item) => item.kind !== 'spacer');
    return next !== undefined && next.kind !== 'header';
  });
}

function usualBlocks(page: DesktopPage): Block[] {
  return [
    ...(page.onboardings?.items ?? []).map((onboarding): Block => ({ kind: 'onboarding', width: 12, onboarding })),
    ...(page.shortcuts?.items ?? []).map((shortcut): Block => ({ kind: 'shortcut', width: 3, shortcut })),
    ...(page.number_cards?.items ?? []).map((card): Block => ({ kind: 'number_card', width: 3, card })),
    ...(page.charts?.items ?? []).map((chart): Block => ({ kind: 'chart', width: 6, chart })),
    ...(page.quick_lists?.items ?? []).map((list): Block => ({ kind: 'quick_list', width: 4, list })),
    ...(page.cards?.items ?? []).map((card): Block => ({ kind: 'card', width: 4, card })),
  ];
}

/** Conditions kept as JSON in upstream's forms; what can't be read means none. */
export function conditionsOf(json: unknown, doctype: string): Filter[] {
  return readFilters(parseJson<unknown>(json, []), doctype);
}

/** Where a shortcut leads, and with which conditions; `null` when it leads out of the desk (see `shortcutUrl`). */
export function shortcutRoute(shortcut: Shortcut): { route: Route; filters: Filter[] } | null {
  const { type, link_to: target = '' } = shortcut;
  if (type === 'DocType') {
    if (shortcut.doc_view === 'New') return { route: { kind: 'new', doctype: target }, filters: [] };
    return { route: { kind: 'list', doctype: target, view: viewName(shortcut.doc_view) }, filters: conditionsOf(shortcut.stats_filter, target) };
  }
  if (type === 'Report') return { route: { kind: 'report', report: target }, filters: [] };
  if (type === 'Dashboard') return { route: { kind: 'dashboard', dashboard: target }, filters: [] };
  return type === 'Page' ? { route: { kind: 'page', page: target, rest: '' }, filters: [] } : null;
}

/** The address of a shortcut of type URL: of this site or with a scheme of the web, else nothing. */
export function shortcutUrl({ type, url }: Shortcut): string | null {
  return type === 'URL' && url && /^(https?:\/\/|\/(?!\/))/i.test(url) ? url : null;
}

/** `Report Builder` → `report`: views as addresses name them. */
function viewName(view: string | null | undefined): string {
  const name = String(view ?? 'list').toLowerCase();
  return name === 'report builder' ? 'report' : name || 'list';
}

/** The text beside a shortcut's count: `{} Open` with the number in it; nothing without a format. */
export function countText(format: string | null | undefined, count: string): string {
  return format?.includes('{}') ? format.replace('{}', count) : count;
}

/** Where a link of a card leads. */
export function linkRoute({ link_type: type, link_to: target = '', is_query_report: isQuery, report_ref_doctype: doctype }: WorkspaceLink): Route {
  if (type === 'Report') return isQuery || !doctype ? { kind: 'report', report: target } : { kind: 'list', doctype, view: 'report' };
  if (type === 'Page') return { kind: 'page', page: target, rest: '' };
  return { kind: 'list', doctype: target, view: 'list' };
}

/** The last part of a workspace's address. */
export function workspaceSlug(page: Pick<WorkspacePage, 'name' | 'title' | 'public'>): string {
  return slug(page.title || page.name);
}
