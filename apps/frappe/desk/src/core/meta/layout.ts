/**
 * The form's structure out of the flat list of fields: tabs → sections → columns → fields.
 * Invariant: every field that isn't a break is in exactly one column; breaks keep their field for label and conditions.
 */
import type { DocField } from './types';

export interface LayoutColumn { field: DocField | null; fields: DocField[] }
export interface LayoutSection { field: DocField | null; columns: LayoutColumn[] }
export interface LayoutTab { field: DocField | null; sections: LayoutSection[] }

const newColumn = (field: DocField | null): LayoutColumn => ({ field, fields: [] });
const newSection = (field: DocField | null): LayoutSection => ({ field, columns: [newColumn(null)] });
const newTab = (field: DocField | null): LayoutTab => ({ field, sections: [newSection(null)] });

/** Builds the layout. Empty columns, sections and tabs that only precede a break are left out. */
export function buildLayout(fields: readonly DocField[]): LayoutTab[] {
  const tabs: LayoutTab[] = [newTab(null)];
  for (const field of fields) place(tabs, field);
  return tabs.map(pruneTab).filter((tab) => tab.sections.length > 0);
}

function place(tabs: LayoutTab[], field: DocField): void {
  const tab = tabs[tabs.length - 1]!;
  const section = tab.sections[tab.sections.length - 1]!;
  if (field.fieldtype === 'Tab Break') tabs.push(newTab(field));
  else if (field.fieldtype === 'Section Break') tab.sections.push(newSection(field));
  else if (field.fieldtype === 'Column Break') section.columns.push(newColumn(field));
  else section.columns[section.columns.length - 1]!.fields.push(field);
}

function pruneTab(tab: LayoutTab): LayoutTab {
  const sections = tab.sections
    .map((section) => ({ ...section, columns: section.columns.filter((column) => column.fields.length > 0) }))
    .filter((section) => section.columns.length > 0);
  return { ...tab, sections };
}

/** All fields under a part of the layout. */
export function fieldsUnder(part: LayoutTab | LayoutSection): DocField[] {
  if ('sections' in part) return part.sections.flatMap(fieldsUnder);
  return part.columns.flatMap((column) => column.fields);
}
