/** Pasting and copying cells. Invariant: cells that may not be written are skipped, what can't be read is marked, the rest is set. */
import type { Position } from '@/core/grid';
import { BadInput } from '@/core/fields/types';
import { behaviourOf } from '@/core/fields/registry';
import type { Doc } from '@/core/document/types';
import type { DocField } from '@/core/meta/types';
import { errorKey, type FormController } from '../form/controller';

export interface PasteTarget {
  form: FormController;
  table: DocField;
  columns: readonly DocField[];
  at: Position;
  canAdd: boolean;
}

/** Puts cells into the grid from `at` on, adding rows as needed. Returns how many rows were touched. */
export function pasteCells(cells: readonly (readonly string[])[], target: PasteTarget): number {
  const { form, table, at, canAdd } = target;
  const { model } = form;
  const lacking = at.row + cells.length - model.rows(table.fieldname).length;
  if (lacking > 0 && canAdd) model.addRows(table.fieldname, Array.from({ length: lacking }, () => ({})));
  const rows = model.rows(table.fieldname).slice(at.row, at.row + cells.length);
  rows.forEach((row, index) => pasteRow(row, cells[index] ?? [], target));
  return rows.length;
}

function pasteRow(row: Doc, cells: readonly string[], { form, table, columns, at }: PasteTarget): void {
  cells.forEach((text, offset) => {
    const field = columns[at.column + offset];
    if (!field || form.stateOf(field, { row, table }).readOnly) return;
    try {
      form.model.setInRow(table.fieldname, row, field.fieldname, behaviourOf(field).parse(text, field, form.desk.format));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      form.errors.set(errorKey(field.fieldname, table.fieldname, row), error.message);
    }
  });
}

/** Cells of rows as text. */
export function cellTexts(rows: readonly Doc[], columns: readonly DocField[], form: FormController): string[][] {
  return rows.map((row) => columns.map((field) => behaviourOf(field).format(row[field.fieldname], field, form.desk.format, row)));
}
