/** Which columns a list shows. Invariant: the first column identifies the document and the state, when there is one, follows it. */
import { behaviourOf } from '../fields/registry';
import { currencyOf } from '../fields/numeric';
import type { FormatContext } from '../format/context';
import type { Doc } from '../document/types';
import { __ } from '../i18n';
import { labelOf, type Meta } from '../meta/meta';
import type { DocField } from '../meta/types';

export interface ListColumn {
  key: string;
  kind: 'subject' | 'status' | 'field';
  field: DocField;
  align: 'start' | 'end' | 'center';
  minWidth: number;
}

const column = (field: DocField, kind: ListColumn['kind'] = 'field'): ListColumn => {
  const { align, minWidth } = behaviourOf(field);
  return { key: kind === 'status' ? '_status' : field.fieldname, kind, field, align, minWidth };
};

/** Whether documents of this type have a state worth a column. */
export function hasStatus(meta: Meta): boolean {
  return meta.isSubmittable || meta.statusField !== null || meta.has('enabled') || meta.has('disabled');
}

/** The columns of a list: identity, state, then what the user chose or the DocType marks "in list view", then last change. */
export function listColumns(meta: Meta, chosen: readonly string[] = []): ListColumn[] {
  const name = meta.field('name')!;
  const title = meta.field(meta.titleField) ?? name;
  const shown = new Set([title.fieldname, 'name', meta.statusField ?? '', 'docstatus']);
  const marked = chosen.length ? chosen.map((key) => meta.field(key)).filter((field): field is DocField => field !== undefined) : meta.listFields;
  const fields = marked.filter((field) => !shown.has(field.fieldname) && !(field.fieldname === 'disabled' || field.fieldname === 'enabled'));
  return [
    column(name, 'subject'),
    ...(title.fieldname !== 'name' ? [column(title)] : []),
    ...(hasStatus(meta) ? [column(meta.field(meta.statusField ?? 'docstatus') ?? name, 'status')] : []),
    ...fields.map((field) => column(field)),
    ...(fields.some((field) => field.fieldname === 'modified') ? [] : [column(meta.field('modified')!)]),
  ];
}

/** The fields to ask the server for, for these columns and the state. */
export function requestedFields(meta: Meta, columns: readonly ListColumn[], extra: readonly string[] = []): string[] {
  const state = ['workflow_state', 'status', 'enabled', 'disabled'].filter((name) => meta.has(name));
  const currencies = columns
    .filter(({ field }) => field.fieldtype === 'Currency')
    .flatMap(({ field }) => [String(field.options ?? '').split(':')[1] ?? String(field.options ?? ''), 'currency'])
    .filter((name) => meta.has(name));
  const dynamic = columns.filter(({ field }) => field.fieldtype === 'Dynamic Link').map(({ field }) => String(field.options ?? ''));
  const own = columns.map(({ field }) => field.fieldname);
  return [...new Set(['name', 'docstatus', 'modified', 'owner', ...own, ...state, ...currencies, ...dynamic, ...extra])].filter(Boolean);
}

/** The unit of a column when all rows share it, so that it stands once in the head and not in every cell. */
export function columnUnit(field: DocField, rows: readonly Doc[], context: FormatContext): string | null {
  if (field.fieldtype === 'Percent') return null;
  if (field.fieldtype !== 'Currency' || rows.length === 0) return null;
  const currencies = new Set(rows.map((row) => currencyOf(field, context, row)));
  return currencies.size === 1 ? [...currencies][0]! : null;
}

/** The head of a column. */
export function columnLabel({ kind, field }: ListColumn, unit: string | null = null): string {
  const label = kind === 'status' ? __('Status') : __(labelOf(field), null, String(field.parent ?? ''));
  return unit ? `${label} (${unit})` : label;
}
