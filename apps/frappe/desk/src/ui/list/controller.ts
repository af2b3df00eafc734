/**
 * One open list: its state, its rows, its count. Invariant: an answer that is no longer wanted (the state went on) is dropped.
 */
import { computed, reactive, ref, shallowRef } from 'vue';
import { isAbort } from '@/core/api/client';
import { asApiError, type ApiError } from '@/core/api/errors';
import type { Doc } from '@/core/document/types';
import { isComplete, toTuple } from '@/core/filters';
import { listColumns, requestedFields } from '@/core/list/columns';
import { COUNT_LIMIT, cursorAfter, hasRowFilter, readRows, toRequest, type Cursor, type ListState } from '@/core/list/query';
import type { Meta } from '@/core/meta/meta';
import { indicatorOf, type Indicator, type IndicatorSettings } from '@/core/status';
import type { DeskServices } from '../services';
import type { TreeSettings } from './treeSettings';

/** What a list script sets (`frappe.listview_settings`). */
export interface ListSettings extends IndicatorSettings {
  add_fields?: string[];
  filters?: unknown[];
  hide_name_column?: boolean;
  formatters?: Record<string, (value: unknown, field: unknown, doc: Doc) => unknown>;
  button?: { show(doc: Doc): unknown; get_label(doc: Doc): string; get_description?(doc: Doc): string; action(doc: Doc): void };
  onload?(list: unknown): void;
  refresh?(list: unknown): void;
  /** What the script of the tree sets. */
  tree?: TreeSettings;
}

/** The server takes so many documents at once. */
export const MOST_SELECTED = 5000;

export class ListController {
  readonly rows = shallowRef<Doc[]>([]);
  readonly count = ref<number | null>(null);
  readonly isCountCut = ref(false);
  readonly hasNext = ref(false);
  readonly busy = ref(false);
  readonly isLoaded = ref(false);
  readonly error = shallowRef<ApiError | null>(null);
  readonly selected = reactive(new Set<string>());
  /** Name and state of all that match, once they were asked for; empty otherwise. */
  readonly matching = shallowRef<Doc[]>([]);
  readonly columns;
  private controller: AbortController | null = null;
  private counting: AbortController | null = null;
  private countedFor = '';
  /** Where each page begins that was reached by going on from another one. */
  private cursors = new Map<number, Cursor>();
  private cursorsFor = '';
  /** The state that the rows are of. */
  lastState: ListState | null = null;

  constructor(readonly desk: DeskServices, readonly meta: Meta, readonly settings: ListSettings = {}, chosenColumns: () => readonly string[] = () => []) {
    this.columns = computed(() => listColumns(meta, chosenColumns(), settings.hide_name_column));
  }

  /** Fetches the page that `state` describes, and the count when the filters changed. */
  async load(state: ListState): Promise<void> {
    this.controller?.abort();
    this.controller = new AbortController();
    const { signal } = this.controller;
    this.busy.value = true;
    this.error.value = null;
    try {
      const extra = [...(this.settings.add_fields ?? []), ...this.extraFields, state.sortField];
      const request = toRequest(state, requestedFields(this.meta, this.columns.value, extra), this.cursorFor(state));
      // The rows are asked for first: they are what is waited for.
      const asked = this.desk.api.get('frappe.desk.reportview.get', { ...request }, { signal });
      void this.loadCount(state);
      const answer = await asked;
      const rows = readRows<Doc>(answer.message);
      this.desk.titles.learn(answer._link_titles);
      this.hasNext.value = rows.length > state.pageLength;
      this.rows.value = rows.slice(0, state.pageLength).map((row) => ({ ...row, doctype: this.meta.name }));
      this.rememberCursor(state);
      this.keepSelection(state);
      this.lastState = state;
      this.isLoaded.value = true;
    } catch (error) {
      if (isAbort(error)) return;
      this.error.value = asApiError(error);
    } finally {
      if (this.controller.signal === signal) this.busy.value = false;
    }
  }

  /** Fields that the present view needs beside its columns. */
  extraFields: readonly string[] = [];

  /** The cursor of the page, when the page before it was seen in the same order and conditions. */
  private cursorFor(state: ListState): Cursor | null {
    const key = JSON.stringify([state.filters, state.sortField, state.sortOrder]);
    if (key !== this.cursorsFor) this.cursors.clear();
    this.cursorsFor = key;
    return hasRowFilter(state) ? null : (this.cursors.get(state.start) ?? null);
  }

  private rememberCursor(state: ListState): void {
    const cursor = cursorAfter(this.rows.value.at(-1), state.sortField);
    if (cursor && this.hasNext.value) this.cursors.set(state.start + state.pageLength, cursor);
  }

  /** Counts apart from the rows, so that a slow count never holds up the list. `exact` counts beyond the limit. */
  async loadCount(state: ListState, exact = false): Promise<void> {
    const filters = state.filters.filter(isComplete).map(toTuple);
    const key = JSON.stringify(filters);
    if (!exact && key === this.countedFor && this.count.value !== null) return;
    this.counting?.abort();
    this.counting = new AbortController();
    if (key !== this.countedFor) this.count.value = null;
    this.countedFor = key;
    try {
      const limit = exact ? {} : { limit: COUNT_LIMIT + 1 };
      const distinct = hasRowFilter(state) ? { distinct: 1 } : {};
      const answer = await this.desk.api.get<number>('frappe.desk.reportview.get_count', { doctype: state.doctype, filters, ...limit, ...distinct }, { signal: this.counting.signal, quiet: true });
      const count = Number(answer.message ?? 0);
      this.isCountCut.value = !exact && count > COUNT_LIMIT;
      this.count.value = this.isCountCut.value ? COUNT_LIMIT : count;
    } catch (error) {
      // Without a count the list still works; the pager then shows only what it knows.
      if (!isAbort(error)) this.count.value = null;
    }
  }

  /** Forgets the count, so that the next load counts again (after rows were added or removed). */
  forgetCount(): void {
    this.countedFor = '';
    this.cursors.clear();
  }

  /** Puts new values into a row that is shown. */
  changeRow(name: string, values: Partial<Doc>): void {
    this.rows.value = this.rows.value.map((row) => (row.name === name ? { ...row, ...values } : row));
  }

  /** What is not there any more is not ticked; what was taken beyond the page stays while the conditions do. */
  private keepSelection(state: ListState): void {
    if (JSON.stringify(state.filters) !== JSON.stringify(this.lastState?.filters)) this.matching.value = [];
    const present = new Set([...this.rows.value, ...this.matching.value].map((row) => row.name));
    for (const name of [...this.selected]) if (!present.has(name)) this.selected.delete(name);
  }

  /** The state of a row as a coloured word. */
  indicator(row: Doc): Indicator | null {
    return indicatorOf(row, this.meta, this.settings);
  }

  /** The rows that are ticked, those of other pages included where all that match were taken. */
  get selectedRows(): Doc[] {
    const shown = new Set(this.rows.value.map((row) => row.name));
    const beyond = this.matching.value.filter((row) => !shown.has(row.name));
    return [...this.rows.value, ...beyond].filter((row) => this.selected.has(row.name));
  }

  /** Ticks all documents that answer the list's conditions, page or not, in its order; at most `MOST_SELECTED`. */
  async selectMatching(): Promise<void> {
    const state = this.lastState;
    if (!state) return;
    const request = toRequest({ ...state, start: 0, pageLength: MOST_SELECTED - 1 }, ['name', 'docstatus'], null);
    const answer = await this.desk.api.get('frappe.desk.reportview.get', { ...request });
    if (JSON.stringify(state.filters) !== JSON.stringify(this.lastState?.filters)) return;
    this.matching.value = readRows<Doc>(answer.message).slice(0, MOST_SELECTED).map((row) => ({ ...row, doctype: this.meta.name }));
    for (const row of this.matching.value) this.selected.add(row.name);
  }
}
