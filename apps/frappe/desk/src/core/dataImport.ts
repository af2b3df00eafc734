/**
 * What the server says of a file to be imported, and which of its columns goes where.
 * Invariant: pure; a column is either mapped to a field, left out, or found by its heading.
 */
import { parseJson } from './json';

export interface Problem { row: number | null; col: number | null; field?: string; fieldname?: string; message: string; type: 'error' | 'warning' | 'info' }
export interface ImportColumn { header_title: string; index: number; column_number: number; skip_import: boolean; map_to_field: string | null; df: { label?: string; fieldtype: string; reqd?: number } | null; date_format?: string; warnings: number }
export interface ImportPreview {
  data: (string | number | null)[][];
  columns: ImportColumn[];
  warnings: Problem[];
  max_rows_exceeded: boolean;
  total_number_of_rows: number;
  total_documents: number;
  encoding: string;
  rows_with_errors: number;
  can_import: boolean;
}
export interface ImportField { value: string; fieldname: string; label: string; heading: string; parent: string; table: string | null; fieldtype: string; options?: string; reqd: number }
export interface ImportCheck { total: number; ok: number; failed: number; problems: Problem[]; warnings: Problem[]; queued?: boolean }
export interface ImportStatus { status: string; success: number; failed: number; total_records: number; running: boolean }
export interface ImportLog { success: 0 | 1; docname: string | null; messages: string; exception: string; row_indexes: string; log_index: number }

export const LEFT_OUT = "Don't Import";

/** Where each column of the file goes at present: a field, `LEFT_OUT`, or "" when nothing fits. */
export function mapping(preview: ImportPreview, options: unknown = null): { column: ImportColumn; target: string; samples: string[] }[] {
  const chosen = parseJson<{ column_to_field_map?: Record<string, string> }>(options, {}).column_to_field_map ?? {};
  return preview.columns.slice(1).map((column, position) => ({
    column,
    target: column.map_to_field ?? (chosen[String(column.index)] === LEFT_OUT ? LEFT_OUT : ''),
    samples: preview.data.map((row) => String(row[position + 1] ?? '').trim()).filter(Boolean).slice(0, 3),
  }));
}

/** The stored options with another target for a column (numbered from 0 in the file). */
export function withTarget(options: unknown, column: number, target: string): Record<string, unknown> {
  const stored = parseJson<Record<string, unknown>>(options, {});
  const map = { ...(stored.column_to_field_map as Record<string, string> | undefined) };
  if (target) map[String(column)] = target;
  else delete map[String(column)];
  return { ...stored, column_to_field_map: map };
}

/** Required fields that no column brings; the name only counts when existing documents are changed. */
export function missingFields(fields: readonly ImportField[], preview: ImportPreview, updates: boolean): ImportField[] {
  const given = new Set(preview.columns.map((column) => column.map_to_field).filter(Boolean));
  const tables = new Set([...given].map((value) => (value!.includes('.') ? value!.split('.')[0] : '')).filter(Boolean));
  if (updates) return fields.filter((field) => field.value === 'name' && !given.has('name'));
  return fields.filter((field) => field.reqd && !given.has(field.value) && field.value !== 'name' && (!field.table || tables.has(field.table)));
}

/** Problems by row of the file, whole-file ones first. */
export function byRow(problems: readonly Problem[]): { row: number | null; problems: Problem[] }[] {
  const groups = new Map<number | null, Problem[]>();
  for (const problem of problems) groups.set(problem.row, [...(groups.get(problem.row) ?? []), problem]);
  return [...groups].sort(([left], [right]) => (left ?? 0) - (right ?? 0)).map(([row, found]) => ({ row, problems: found }));
}

/** A log entry in words. */
export function logText(log: ImportLog): string {
  const messages = parseJson<{ message?: string }[]>(log.messages, []);
  const said = messages.map((entry) => (typeof entry === 'string' ? entry : (entry.message ?? ''))).filter(Boolean).join('; ');
  return said || log.exception.trim().split('\n').at(-1) || '';
}

/** Row numbers of a log entry: `2`, `2–5`, `2, 7`. */
export function logRows(log: ImportLog): string {
  const rows = parseJson<number[]>(log.row_indexes, []);
  const isRun = rows.length > 2 && rows.every((row, index) => index === 0 || row === rows[index - 1]! + 1);
  return isRun ? `${rows[0]}–${rows.at(-1)}` : rows.join(', ');
}
