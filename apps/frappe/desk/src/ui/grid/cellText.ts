/** What stands in a cell at rest. */
import type { Doc } from '@/core/document/types';
import { behaviourOf } from '@/core/fields/registry';
import type { DocField } from '@/core/meta/types';
import { formattedByScript } from '../fields/shared/scriptFormat';
import type { DeskServices } from '../services';

const DRAWN = new Set(['Check', 'Rating', 'Color', 'Attach Image', 'Button', 'Image']);

/** Whether the field's own reader is drawn in a cell instead of text. */
export const isDrawnCell = (field: DocField): boolean => DRAWN.has(field.fieldtype);

/** The text of a value in a row; titles instead of the names of linked documents. */
export function cellText(field: DocField, row: Doc, desk: DeskServices): string {
  const value = row[field.fieldname];
  const own = formattedByScript(field, value, row);
  if (own !== null) return own;
  if (field.fieldtype === 'Link' && value) return desk.titles.title(String(field.options), String(value));
  if (field.fieldtype === 'Dynamic Link' && value) return desk.titles.title(String(row[String(field.options)] ?? ''), String(value));
  return behaviourOf(field).format(value, field, desk.format, row);
}
