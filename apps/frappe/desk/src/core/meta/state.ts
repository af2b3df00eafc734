/**
 * What a field is at this moment: visible, editable, required.
 * Invariant: derived from field, document and rights alone, so it can be computed again after any change.
 */
import type { Doc } from '../document/types';
import { behaviourOf, hasValue, isMasked, isTable } from '../fields/registry';
import { can, type Rights } from '../permissions';
import { holds, type ConditionScope } from './conditions';
import { fieldsUnder, type LayoutSection, type LayoutTab } from './layout';
import type { DocField } from './types';

export interface FieldState { visible: boolean; readOnly: boolean; required: boolean }

export interface FormSituation {
  doc: Doc;
  rights: Rights;
  /** The document's own state; for a child row its parent's. */
  docstatus: number;
  isNew: boolean;
  /** A script or a mode has locked the whole form. */
  locked?: boolean;
}

export interface RowSituation { row: Doc; table: DocField }

/** The state of a field of the document, or of a field of one of its rows. */
export function fieldState(field: DocField, form: FormSituation, child?: RowSituation): FieldState {
  const scope: ConditionScope = child ? { doc: child.row, parent: form.doc } : { doc: form.doc };
  const level = Number(field.permlevel ?? 0);
  const visible = !field.hidden && can(form.rights, 'read', level) && holds(field.depends_on, scope, true);
  const readOnly = !isWritable(field, form, child, level) || holds(field.read_only_depends_on, scope, false);
  const required = visible && !readOnly && hasValue(field) && (Boolean(field.reqd) || holds(field.mandatory_depends_on, scope, false));
  return { visible, readOnly, required };
}

function isWritable(field: DocField, form: FormSituation, child: RowSituation | undefined, level: number): boolean {
  if (form.locked || field.read_only || field.fieldtype === 'Read Only' || field.is_virtual) return false;
  if (!can(form.rights, 'write', level) && !(form.isNew && can(form.rights, 'create', level))) return false;
  if (form.docstatus === 2) return false;
  if (form.docstatus === 1 && !field.allow_on_submit) return false;
  const owner = child ? child.row : form.doc;
  return !keepsItsValue(field, owner);
}

/** Whether the value is not the user's to change: it is hidden from them, or was to be set once. */
function keepsItsValue(field: DocField, owner: Doc): boolean {
  const value = owner[field.fieldname];
  return isMasked(field, value) || (Boolean(field.set_only_once) && !owner.__islocal && !behaviourOf(field).isEmpty(value));
}

/** Whether rows may be added to, removed from or moved in a table. */
export function canChangeRows(table: DocField, form: FormSituation): boolean {
  const state = fieldState(table, form);
  return state.visible && !state.readOnly;
}

/** Whether a section or tab shows: its own condition holds and something under it is visible. */
export function isShown(part: LayoutSection | LayoutTab, form: FormSituation, isFieldShown: (field: DocField) => boolean): boolean {
  const { field } = part;
  if (field && (field.hidden || !holds(field.depends_on, { doc: form.doc }, true))) return false;
  if (field && !can(form.rights, 'read', Number(field.permlevel ?? 0))) return false;
  if ('sections' in part) return part.sections.some((section) => isShown(section, form, isFieldShown));
  return fieldsUnder(part).some(isFieldShown);
}

/** Whether a section starts collapsed. */
export function startsCollapsed(section: LayoutSection, doc: Doc): boolean {
  const { field } = section;
  if (!field?.collapsible) return false;
  return !holds(field.collapsible_depends_on, { doc }, false);
}

export interface Missing { field: DocField; table?: DocField; row?: Doc; rowNumber?: number }

/** Required fields without a value, in the order of the form; of rows as well. */
export function missingValues(fields: readonly DocField[], childFields: (table: DocField) => readonly DocField[], form: FormSituation): Missing[] {
  return fields.flatMap((field): Missing[] => {
    const state = fieldState(field, form);
    const value = form.doc[field.fieldname];
    const own = state.required && isMissing(field, value) ? [{ field }] : [];
    if (!isTable(field) || !state.visible) return own;
    const rows = (Array.isArray(value) ? value : []) as Doc[];
    return [...own, ...rows.flatMap((row, index) => missingInRow(childFields(field), form, { row, table: field }, index + 1))];
  });
}

function missingInRow(fields: readonly DocField[], form: FormSituation, child: RowSituation, rowNumber: number): Missing[] {
  return fields
    .filter((field) => fieldState(field, form, child).required && isMissing(field, child.row[field.fieldname]))
    .map((field) => ({ field, table: child.table, row: child.row, rowNumber }));
}

/** Zero is a value; only text, dates, links and tables can be missing. A Check can't. */
function isMissing(field: DocField, value: unknown): boolean {
  if (behaviourOf(field).operators.includes('Between') && typeof value === 'number') return false;
  return behaviourOf(field).isEmpty(value);
}
