/**
 * The state of a list: filters, order, page. Pure functions from state to state, to a request, to an address and back.
 * Invariant: changing what is asked (filters, order) goes back to the first page.
 */
import { fromQuery, isComplete, toQuery, toTuple, type Filter, type FilterTuple } from '../filters';
import type { Meta } from '../meta/meta';

export interface ListState {
  doctype: string;
  filters: Filter[];
  sortField: string;
  sortOrder: 'asc' | 'desc';
  start: number;
  pageLength: number;
}

export const PAGE_LENGTHS = [20, 50, 100, 500] as const;

/** A count stops here; more is shown as "1,000+" until somebody asks for the exact number. */
export const COUNT_LIMIT = 1000;

/** The list as the DocType's author and the user's settings want it. */
export function initialState(meta: Meta, pageLength: number): ListState {
  const [sortField = 'modified', sortOrder] = String(meta.data.sort_field || 'modified').split(/[\s,]+/);
  const order = (sortOrder ?? meta.data.sort_order ?? 'DESC').toLowerCase();
  return { doctype: meta.name, filters: [], sortField: meta.field(sortField) ? sortField : 'modified', sortOrder: order === 'asc' ? 'asc' : 'desc', start: 0, pageLength };
}

/** With other filters; from the first page. */
export function withFilters(state: ListState, filters: Filter[]): ListState {
  return { ...state, filters, start: 0 };
}

/** With one field's filter replaced (or removed, when `filter` is `null`). */
export function withFieldFilter(state: ListState, fieldname: string, filter: Filter | null): ListState {
  const others = state.filters.filter((item) => item.fieldname !== fieldname || item.doctype !== state.doctype);
  return withFilters(state, filter ? [...others, filter] : others);
}

/** Ordered by a column: the same one again turns the order round. */
export function sortedBy(state: ListState, fieldname: string, numeric = false): ListState {
  const isSame = state.sortField === fieldname;
  const first = numeric || fieldname === 'modified' || fieldname === 'creation' ? 'desc' : 'asc';
  const order = isSame ? (state.sortOrder === 'asc' ? 'desc' : 'asc') : first;
  return { ...state, sortField: fieldname, sortOrder: order, start: 0 };
}

/**
 * Whether a list can be put in the order of a column. A journal, which the system alone writes and which grows without end, only
 * by columns with an index.
 */
export function isSortable(meta: Meta, fieldname: string): boolean {
  const isJournal = Boolean(meta.data.in_create) && meta.data.sort_field === 'creation';
  const found = meta.field(fieldname);
  return !isJournal || Boolean(found?.search_index || found?.unique) || ['name', 'creation', 'modified'].includes(fieldname);
}

/** On another page; never before the first. */
export function atStart(state: ListState, start: number): ListState {
  return { ...state, start: Math.max(0, start) };
}

/** With another page length; the first row on the page stays on it. */
export function withPageLength(state: ListState, pageLength: number): ListState {
  return { ...state, pageLength, start: Math.floor(state.start / pageLength) * pageLength };
}

/** The last row of a page: the next page begins after it, however deep in the list it is. */
export interface Cursor { value: string | number; name: string }

export interface ListRequest {
  doctype: string;
  fields: string[];
  filters: FilterTuple[];
  or_filters?: FilterTuple[];
  order_by: string;
  /** A condition on rows would otherwise bring a document once per row. */
  group_by?: string;
  start: number;
  page_length: number;
  view: 'List';
}

/**
 * What follows a cursor in the list's order: `sort ≤ value and (sort < value or name < cursor's)`. The first part lets an index
 * find the place, the second leaves out what was shown.
 */
export function afterCursor({ doctype, sortField, sortOrder }: ListState, { value, name }: Cursor): Pick<ListRequest, 'filters' | 'or_filters'> {
  const [beyond, from] = sortOrder === 'asc' ? (['>', '>='] as const) : (['<', '<='] as const);
  if (sortField === 'name') return { filters: [[doctype, 'name', beyond, value]] };
  return { filters: [[doctype, sortField, from, value]], or_filters: [[doctype, sortField, beyond, value], [doctype, 'name', beyond, name]] };
}

/** The cursor after a row; `null` when the row has no value to go on from (then pages are counted). */
export function cursorAfter(row: Readonly<Record<string, unknown>> | undefined, sortField: string): Cursor | null {
  const value = row?.[sortField];
  const isUsable = (typeof value === 'string' && value !== '') || typeof value === 'number';
  return isUsable && row?.name ? { value, name: String(row.name) } : null;
}

/** The arguments of `frappe.desk.reportview.get`. One row more than a page is asked for: it tells whether there is a next one. */
export function toRequest(state: ListState, fields: string[], cursor: Cursor | null = null): ListRequest {
  const column = (fieldname: string): string => `\`tab${state.doctype}\`.\`${fieldname}\``;
  const tie = state.sortField === 'name' ? '' : `, ${column('name')} ${state.sortOrder}`; // both one way: an index can give it
  const own = state.filters.filter(isComplete).map(toTuple);
  const after = cursor ? afterCursor(state, cursor) : null;
  return {
    doctype: state.doctype,
    fields,
    filters: [...own, ...(after?.filters ?? [])],
    ...(after?.or_filters ? { or_filters: after.or_filters } : {}),
    order_by: `${column(state.sortField)} ${state.sortOrder}${tie}`,
    ...(hasRowFilter(state) ? { group_by: column('name') } : {}),
    start: cursor ? 0 : state.start,
    page_length: state.pageLength + 1,
    view: 'List',
  };
}

/** Whether a condition is about the rows of a child table. */
export function hasRowFilter({ doctype, filters }: ListState): boolean {
  return filters.some((filter) => isComplete(filter) && filter.doctype !== doctype);
}

/** As query parameters of an address: no filters where the list starts with them, a mark where it starts with some and has none. */
export function toAddress(state: ListState, initial: ListState): Record<string, string | string[]> {
  const isAsItStarts = JSON.stringify(state.filters) === JSON.stringify(initial.filters);
  const query: Record<string, string | string[]> = isAsItStarts ? {} : toQuery(state.filters, state.doctype);
  if (state.sortField !== initial.sortField || state.sortOrder !== initial.sortOrder) query._sort = `${state.sortField} ${state.sortOrder}`;
  if (state.start > 0) query._start = String(state.start);
  if (!isAsItStarts && !state.filters.length) query._all = '1';
  return query;
}

/** Reads an address over the initial state, whose filters count where the address has none and does not ask for all. */
export function fromAddress(query: Readonly<Record<string, unknown>>, initial: ListState, meta: Meta): ListState {
  const [sortField, sortOrder] = String(query._sort ?? '').split(' ');
  const isSorted = sortField !== undefined && meta.field(sortField) !== undefined;
  const filters = fromQuery(query, meta);
  return {
    ...initial,
    filters: filters.length || query._all ? filters : initial.filters,
    ...(isSorted ? { sortField, sortOrder: sortOrder === 'asc' ? ('asc' as const) : ('desc' as const) } : {}),
    start: Math.max(0, Number(query._start) || 0),
  };
}

/** Rows out of `{keys, values}`, upstream's compressed form (or out of rows as they are). */
export function readRows<Row>(message: unknown): Row[] {
  if (Array.isArray(message)) return message as Row[];
  const { keys, values } = (message ?? {}) as { keys?: string[]; values?: unknown[][] };
  if (!keys || !values) return [];
  return values.map((cells) => Object.fromEntries(keys.map((key, index) => [key, cells[index]])) as Row);
}
