/** Rows for the views of a list: with the list's conditions, and the fields a view needs. */
import type { Doc } from '@/core/document/types';
import { isComplete, toTuple, type FilterTuple } from '@/core/filters';
import { readRows, type ListState } from '@/core/list/query';
import type { Meta } from '@/core/meta/meta';
import type { DeskServices } from '../services';

/** Fetches at most `limit` rows; the fields of state and title come along. */
export async function fetchRows(desk: DeskServices, meta: Meta, state: Pick<ListState, 'filters' | 'sortField' | 'sortOrder'>, { fields = [], filters = [], limit = 200, order }: { fields?: readonly string[]; filters?: readonly FilterTuple[]; limit?: number; order?: string }): Promise<Doc[]> {
  const status = ['workflow_state', 'status', 'enabled', 'disabled'].filter((name) => meta.has(name));
  const wanted = [...new Set(['name', 'docstatus', 'modified', 'owner', meta.titleField, ...status, ...fields])].filter(Boolean);
  const answer = await desk.api.get('frappe.desk.reportview.get', {
    doctype: meta.name, fields: wanted, filters: [...state.filters.filter(isComplete).map(toTuple), ...filters],
    order_by: `\`tab${meta.name}\`.\`${order ?? state.sortField}\` ${order ? 'asc' : state.sortOrder}`, start: 0, page_length: limit, view: 'List',
  });
  desk.titles.learn(answer._link_titles);
  return readRows<Doc>(answer.message).map((row) => ({ ...row, doctype: meta.name }));
}

/** What stands for a document before people. */
export function titleOf(desk: DeskServices, meta: Meta, row: Doc): string {
  const value = row[meta.titleField];
  const field = meta.field(meta.titleField);
  if (!value) return row.name;
  return field?.fieldtype === 'Link' ? desk.titles.title(String(field.options), String(value)) : String(value);
}
