/** A list as a file. Invariant: the file has the columns and conditions of the list as it is shown; the server checks the right. */
import { isComplete, toTuple } from '@/core/filters';
import type { ListState } from '@/core/list/query';
import { openPost } from '../openPost';
import type { ListController } from './controller';

/** Many names fit into no address; they are posted. */
const LONGEST_ADDRESS = 2000;

/** The address of the file with the list's columns and conditions, or of the given documents alone. */
export function exportAddress(list: Pick<ListController, 'meta' | 'columns'>, kind: 'Excel' | 'CSV', state: Pick<ListState, 'filters' | 'sortField' | 'sortOrder'> | null, names: readonly string[] = []): string {
  const { meta, columns } = list;
  const fields = [...new Set(['name', ...columns.value.map(({ field }) => field.fieldname)])];
  const filters = names.length ? [[meta.name, 'name', 'in', names]] : (state?.filters ?? []).filter(isComplete).map(toTuple);
  const query = new URLSearchParams({
    doctype: meta.name, file_format_type: kind, title: meta.name, fields: JSON.stringify(fields), filters: JSON.stringify(filters), view: 'Report',
    ...(state ? { order_by: `\`tab${meta.name}\`.\`${state.sortField}\` ${state.sortOrder}` } : {}),
  });
  return `/api/method/frappe.desk.reportview.export_query?${query}`;
}

/** Starts the download. */
export function exportList(list: ListController, kind: 'Excel' | 'CSV', names: readonly string[] = []): void {
  const address = exportAddress(list, kind, list.lastState, names);
  if (address.length <= LONGEST_ADDRESS) return location.assign(address);
  const { pathname, searchParams } = new URL(address, location.origin);
  openPost(list.desk, pathname, Object.fromEntries(searchParams));
}
