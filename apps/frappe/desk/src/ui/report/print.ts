/** A report on paper: what is shown, as PDF from the server. */
import { behaviourOf } from '@/core/fields/registry';
import type { Doc } from '@/core/document/types';
import { labelOf } from '@/core/meta/meta';
import { __ } from '@/core/i18n';
import { asField, isNumber, type ReportColumn, type ReportRow, type TableRow } from '@/core/report';
import { paperHtml } from '@/core/reportPaper';
import type { FormController } from '../form/controller';
import { openPost } from '../openPost';
import type { DeskServices } from '../services';

export interface ShownReport { title: string; columns: readonly ReportColumn[]; rows: readonly TableRow[]; total: ReportRow | null; form: FormController | null }

const LANDSCAPE_FROM = 6;

/** A value as it stands in the table, as plain text. */
export function cellText(desk: DeskServices, row: ReportRow, column: ReportColumn): string {
  const value = row[column.fieldname];
  if (value === null || value === undefined || value === '') return '';
  if (column.fieldtype === 'Link' && column.options) return desk.titles.title(column.options, String(value));
  if (column.fieldtype === 'Select') return __(String(value));
  const field = asField(column);
  return behaviourOf(field).format(value, field, desk.format, row as Doc);
}

/** The page as HTML: what stands in the table, under the conditions it was made for. */
export function reportPage(desk: DeskServices, { title, columns, rows, total, form }: ShownReport): string {
  const filled = (form?.fields ?? []).filter((field) => !field.hidden && !behaviourOf(field).isEmpty(form!.doc[field.fieldname]));
  const notes = filled.map((field) => `${__(labelOf(field))}: ${cellText(desk, form!.doc as unknown as ReportRow, { fieldname: field.fieldname, label: '', fieldtype: field.fieldtype, options: field.options ?? null })}`);
  const cells = (row: ReportRow): string[] => columns.map((column) => cellText(desk, row, column));
  return paperHtml({
    title, notes: notes.length ? [notes.join(' · ')] : [], columns: columns.map((column) => ({ label: __(column.label), isNumber: isNumber(column) })),
    rows: rows.map(({ row, indent, isGroup }) => ({ cells: cells(row), indent, bold: isGroup || Boolean(row.bold) })), total: total ? cells(total) : null,
  });
}

/** Opens the report as PDF. */
export function printReport(desk: DeskServices, shown: ShownReport): void {
  const orientation = shown.columns.length >= LANDSCAPE_FROM ? 'Landscape' : 'Portrait';
  openPost(desk, '/api/method/frappe.utils.print_format.report_to_pdf', { html: reportPage(desk, shown), orientation }, true);
}
