/**
 * Tables of reports: columns, sorting, grouping, trees, totals. Invariant: pure; the given rows are never changed, and a
 * total row of the server is kept apart from the rows it sums.
 */
import type { DocField, FieldType } from './meta/types';
import { toNumber } from './format/number';

export type ReportRow = Record<string, unknown> & { indent?: number; is_total_row?: unknown };

export interface ReportColumn {
  fieldname: string;
  label: string;
  fieldtype: FieldType;
  options?: string | null;
  width?: number;
  hidden?: number | boolean;
  align?: string;
  precision?: number | string | null;
  /** The person made it this wide. */
  chosen?: boolean;
  /** May be changed in place (list reports only). */
  editable?: boolean;
  [key: string]: unknown;
}

export interface TableRow { row: ReportRow; /** Its place among the rows as they came. */ index: number; indent: number; isGroup: boolean; key: string; /** Of a group that was made here: its label and number of rows. */ group?: { value: unknown; count: number } }

const KNOWN_TYPES = new Set(['Data', 'Link', 'Dynamic Link', 'Int', 'Float', 'Currency', 'Percent', 'Date', 'Datetime', 'Time', 'Check', 'Select', 'Duration', 'Small Text', 'Text', 'HTML', 'Rating']);

/** A column in any of upstream's spellings (`"Label:Link/Customer:120"` or an object). */
export function readColumn(given: unknown, index: number): ReportColumn {
  if (typeof given === 'string') return columnFromText(given);
  const { fieldname, label, fieldtype, ...rest } = (given ?? {}) as Partial<ReportColumn>;
  const name = fieldname || String(label ?? `column_${index}`).toLowerCase().replace(/\s+/g, '_');
  const type = KNOWN_TYPES.has(String(fieldtype)) ? fieldtype! : 'Data';
  return { ...rest, fieldname: name, label: label || name, fieldtype: type };
}

function columnFromText(text: string): ReportColumn {
  const [label = '', kind = 'Data', width] = text.split(':');
  const [type = 'Data', options] = kind.split('/');
  const column: ReportColumn = { fieldname: label.toLowerCase().replace(/\s+/g, '_'), label, fieldtype: (KNOWN_TYPES.has(type) ? type : 'Data') as FieldType };
  return { ...column, ...(options ? { options } : {}), ...(width ? { width: Number(width) } : {}) };
}

const ROOM = 18;
const NARROWEST = 56;
const WIDEST = 420;

/** About how wide a text is at 13 px: letters of Chinese take twice the room. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e80 ? 13.2 : 7.4;
  return width;
}

/**
 * How wide the columns stand, in pixels: as wide as their texts, at least as wide as they ask where there is room, and the
 * rest of the room shared by the columns of text. A width that a person chose is kept.
 */
export function columnWidths(columns: readonly ReportColumn[], texts: (column: ReportColumn) => readonly string[], room: number): number[] {
  const natural = columns.map((column) => Math.min(WIDEST, Math.max(NARROWEST, ROOM + Math.max(0, ...texts(column).map(textWidth)))));
  const asked = columns.map((column, index) => (column.chosen && column.width ? column.width : Math.max(natural[index]!, column.width ?? 0)));
  const fitting = sum(asked) <= room ? asked : asked.map((width, index) => (columns[index]!.chosen ? width : Math.min(width, natural[index]!)));
  const spare = room - sum(fitting);
  const growing = columns.map((column) => !column.chosen && !isNumber(column) && column.fieldtype !== 'Check');
  const shares = growing.some(Boolean) ? growing : columns.map(() => true);
  const base = sum(fitting.filter((_, index) => shares[index]));
  return fitting.map((width, index) => Math.floor(spare > 0 && shares[index] ? width + (spare * width) / base : width));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Rows as objects, whether the server sent objects or lists; the server's total row apart. */
export function readRows(result: readonly unknown[], columns: readonly ReportColumn[], hasTotal: boolean): { rows: ReportRow[]; total: ReportRow | null } {
  const all = result.filter((row) => row !== null && row !== undefined);
  const last = all.at(-1);
  const isTotal = hasTotal && all.length > 1 && (Array.isArray(last) || Boolean((last as ReportRow | undefined)?.is_total_row));
  const objects = all.map((row) => (Array.isArray(row) ? Object.fromEntries(columns.map((column, place) => [column.fieldname, (row as unknown[])[place]])) : (row as ReportRow)));
  return isTotal ? { rows: objects.slice(0, -1), total: objects.at(-1)! } : { rows: objects, total: null };
}

/** A column as a field, so that it is formatted as fields are. */
export function asField(column: ReportColumn): DocField {
  return { ...column, label: column.label, options: column.options ?? null, precision: column.precision ?? null } as DocField;
}

const NUMBERS = new Set(['Int', 'Float', 'Currency', 'Percent', 'Duration']);

/** Whether the column's values are numbers. */
export function isNumber(column: Pick<ReportColumn, 'fieldtype'>): boolean {
  return NUMBERS.has(column.fieldtype);
}

export interface Sorting { fieldname: string; order: 'asc' | 'desc' }

/** Rows in the order of a column; equal ones keep their order, empty ones come last. */
export function sorted(rows: readonly ReportRow[], columns: readonly ReportColumn[], sorting: Sorting | null, collator: Intl.Collator): ReportRow[] {
  const column = columns.find((item) => item.fieldname === sorting?.fieldname);
  if (!sorting || !column) return [...rows];
  const direction = sorting.order === 'asc' ? 1 : -1;
  const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';
  const compare = (left: unknown, right: unknown): number => (isNumber(column) ? toNumber(left) - toNumber(right) : collator.compare(String(left), String(right)));
  return [...rows].sort((a, b) => {
    const [left, right] = [a[column.fieldname], b[column.fieldname]];
    if (isEmpty(left) || isEmpty(right)) return Number(isEmpty(left)) - Number(isEmpty(right));
    return direction * compare(left, right);
  });
}

/** The sums of the columns that add up; percentages and ratios don't. */
export function totals(rows: readonly ReportRow[], columns: readonly ReportColumn[]): ReportRow {
  const summed = columns.filter((column) => isNumber(column) && column.fieldtype !== 'Percent' && !column.disable_total);
  return Object.fromEntries(summed.map(({ fieldname }) => [fieldname, addUp(rows.map((row) => row[fieldname]))]));
}

/** Adds without the drift of binary fractions: in units of the finest digit that occurs (at most nine). */
export function addUp(values: readonly unknown[]): number {
  const numbers = values.map(toNumber);
  const digits = Math.min(9, Math.max(0, ...numbers.map((value) => (String(value).split('.')[1] ?? '').length)));
  const scale = 10 ** digits;
  return numbers.reduce((sum, value) => sum + Math.round(value * scale), 0) / scale;
}

/** Groups rows by a column's values, in the order in which the values come; each group has its sums and its rows below it. */
export function grouped(rows: readonly ReportRow[], columns: readonly ReportColumn[], fieldname: string): TableRow[] {
  const groups = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const key = String(row[fieldname] ?? '');
    const members = groups.get(key);
    if (members) members.push(row);
    else groups.set(key, [row]);
  }
  const place = new Map(rows.map((row, index) => [row, index]));
  return [...groups].flatMap(([key, members]): TableRow[] => [
    { row: totals(members, columns), index: -1, indent: 0, isGroup: true, key: `group ${key}`, group: { value: members[0]![fieldname], count: members.length } },
    ...members.map((row) => ({ row, index: place.get(row)!, indent: 1, isGroup: false, key: rowKey(row, place.get(row)!) })),
  ]);
}

/** Rows of a tree (or a plain table): a row is a group when the next one stands deeper. */
export function treeRows(rows: readonly ReportRow[]): TableRow[] {
  return rows.map((row, index) => {
    const indent = toNumber(row.indent);
    const next = rows[index + 1];
    return { row, index, indent, isGroup: next !== undefined && toNumber(next.indent) > indent, key: rowKey(row, index) };
  });
}

const rowKey = (row: ReportRow, index: number): string => `${String(row.name ?? '')}#${index}`;

/** What is to be seen when the groups in `closed` are folded up. */
export function visibleRows(rows: readonly TableRow[], closed: ReadonlySet<string>): TableRow[] {
  let hiddenBelow = Infinity;
  return rows.filter((row) => {
    if (row.indent > hiddenBelow) return false;
    hiddenBelow = row.isGroup && closed.has(row.key) ? row.indent : Infinity;
    return true;
  });
}

/** The rows that hold a text in any shown column. */
export function matching(rows: readonly ReportRow[], columns: readonly ReportColumn[], text: string): ReportRow[] {
  const wanted = text.trim().toLowerCase();
  return wanted ? rows.filter((row) => columns.some(({ fieldname }) => String(row[fieldname] ?? '').toLowerCase().includes(wanted))) : [...rows];
}

/** How a person has set up the columns of a table. */
export interface ColumnSettings { order?: string[]; hidden?: string[]; widths?: Record<string, number> }

/** The columns in the person's order, without those they hid, as wide as they made them. */
export function arranged<Column extends { fieldname: string; hidden?: number | boolean; width?: number }>(columns: readonly Column[], { order = [], hidden = [], widths = {} }: ColumnSettings): Column[] {
  const place = (column: Column): number => (order.includes(column.fieldname) ? order.indexOf(column.fieldname) : order.length + columns.indexOf(column));
  return columns
    .filter((column) => !column.hidden && !hidden.includes(column.fieldname))
    .sort((left, right) => place(left) - place(right))
    .map((column) => (widths[column.fieldname] ? { ...column, width: widths[column.fieldname]!, chosen: true } : column));
}

/** The rows from one to another, both included, whichever stands first; only the second where the first is not there. */
export function between<Row>(rows: readonly Row[], from: Row | null, to: Row): Row[] {
  const [start, end] = [rows.findIndex((row) => row === from), rows.indexOf(to)];
  return start < 0 || end < 0 ? [to] : rows.slice(Math.min(start, end), Math.max(start, end) + 1);
}

/** The documents of a DocType that rows are about, each once: by the first column that links to it. */
export function documentsOf(rows: readonly ReportRow[], columns: readonly ReportColumn[], doctype: string): string[] {
  const leadsThere = (column: ReportColumn, row: ReportRow): boolean => column.fieldtype === 'Link' ? column.options === doctype : column.fieldtype === 'Dynamic Link' && row[String(column.options)] === doctype;
  const names = rows.map((row) => columns.map((column) => (leadsThere(column, row) ? row[column.fieldname] : '')).find(Boolean));
  return [...new Set(names.filter(Boolean).map(String))];
}
