/** From a row of a report to the documents it is made of. Invariant: pure; only conditions that the DocType can answer are made. */
import type { Filter } from './filters';
import { behaviourOf } from './fields/registry';
import type { Meta } from './meta/meta';
import type { ReportColumn, ReportRow } from './report';

const TELLING = new Set(['Link', 'Select', 'Dynamic Link']);

/** The conditions of a row: its links and choices, and what the report was asked for, as far as the DocType has such fields. */
export function drillFilters(meta: Meta, columns: readonly ReportColumn[], row: ReportRow, asked: Readonly<Record<string, unknown>>): Filter[] {
  const own = columns.filter((column) => TELLING.has(column.fieldtype)).map((column): [string, unknown] => [fieldFor(meta, column) ?? '', row[column.fieldname]]);
  const found = new Map<string, unknown>();
  for (const [fieldname, value] of [...Object.entries(asked), ...own]) if (isPlain(value) && isAskable(meta, fieldname)) found.set(fieldname, value);
  return [...found].map(([fieldname, value]) => ({ doctype: meta.name, fieldname, operator: '=' as const, value }));
}

/** The field that a column is of: the same name, `name` for the DocType itself, or its only link to the same DocType. */
function fieldFor(meta: Meta, { fieldname, fieldtype, options }: ReportColumn): string | null {
  if (fieldtype === 'Link' && options === meta.name) return 'name';
  if (meta.has(fieldname)) return fieldname;
  const links = fieldtype === 'Link' ? meta.fields.filter((field) => field.fieldtype === 'Link' && field.options === options) : [];
  return links.length === 1 ? links[0]!.fieldname : null;
}

const isPlain = (value: unknown): boolean => (typeof value === 'string' || typeof value === 'number') && value !== '';

function isAskable(meta: Meta, fieldname: string): boolean {
  const field = fieldname ? meta.field(fieldname) : undefined;
  return Boolean(field && !field.is_virtual && behaviourOf(field).operators.includes('='));
}
