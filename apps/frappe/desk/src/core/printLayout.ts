/**
 * The layout of a print format as the builder changes it: sections of columns of items.
 * Invariant: pure; every change gives a new layout, and an item stands in one place only.
 */
import { hasValue } from './fields/registry';
import { labelOf, type Meta } from './meta/meta';
import type { DocField } from './meta/types';
import { __ } from './i18n';

export interface PrintColumn { fieldname: string; label: string; width?: number }
export interface PrintItem {
  fieldname: string;
  label: string;
  fieldtype: string;
  html?: string;
  align?: 'left' | 'center' | 'right';
  hide_label?: 0 | 1;
  options?: string;
  table_columns?: PrintColumn[];
}
export interface PrintSection { label: string; page_break?: 0 | 1; columns: { fields: PrintItem[] }[] }
export interface PrintLayout { heading: string; header: string; footer: string; sections: PrintSection[] }

export interface Place { section: number; column: number; index: number }

const UNPRINTED = new Set(['Button', 'HTML', 'Password', 'Heading', 'Image', 'Geolocation', 'Table MultiSelect']);

/** Things that are not fields and can be put anywhere. */
export function ownItems(): PrintItem[] {
  return [
    { fieldname: '_html', fieldtype: 'HTML', label: __('Text or template'), html: '' }, { fieldname: 'name', fieldtype: 'QR Code', label: '' },
    { fieldname: 'name', fieldtype: 'Barcode', label: '' }, { fieldname: '_divider', fieldtype: 'Divider', label: '' }, { fieldname: '_spacer', fieldtype: 'Spacer', label: '' },
  ];
}

/** What an own item is called. */
export function itemName(item: PrintItem): string {
  const names: Record<string, string> = { HTML: __('Text or template'), 'QR Code': __('QR code'), Barcode: __('Barcode'), Divider: __('Line', null, 'Desk'), Spacer: __('Space', null, 'Desk') };
  return names[item.fieldtype] && (item.fieldname.startsWith('_') || item.fieldname === 'name') ? names[item.fieldtype]! : item.label || item.fieldname;
}

/** The DocType's fields that can be printed and are not in the layout yet. */
export function unusedFields(meta: Meta, layout: PrintLayout): DocField[] {
  const used = new Set(layout.sections.flatMap((section) => section.columns.flatMap((column) => column.fields.map((item) => item.fieldname))));
  return meta.fields.filter((field) => hasValue(field) && !UNPRINTED.has(field.fieldtype) && !field.hidden && !used.has(field.fieldname));
}

/** A field as an item of the layout. */
export function itemOf(field: DocField, rows?: Meta): PrintItem {
  const item: PrintItem = { fieldname: field.fieldname, fieldtype: field.fieldtype, label: labelOf(field) };
  if (field.fieldtype !== 'Table') return item;
  const shown = (rows?.fields ?? []).filter((column) => column.in_list_view && !column.print_hide);
  return { ...item, options: String(field.options), table_columns: shown.map((column) => ({ fieldname: column.fieldname, label: labelOf(column) })) };
}

function changed(layout: PrintLayout, change: (sections: PrintSection[]) => void): PrintLayout {
  const sections = layout.sections.map((section) => ({ ...section, columns: section.columns.map((column) => ({ fields: [...column.fields] })) }));
  change(sections);
  return { ...layout, sections };
}

/** Puts an item at a place. */
export function inserted(layout: PrintLayout, item: PrintItem, { section, column, index }: Place): PrintLayout {
  return changed(layout, (sections) => sections[section]?.columns[column]?.fields.splice(index, 0, { ...item }));
}

/** Takes an item away. */
export function removed(layout: PrintLayout, { section, column, index }: Place): PrintLayout {
  return changed(layout, (sections) => sections[section]?.columns[column]?.fields.splice(index, 1));
}

/** Moves an item. */
export function moved(layout: PrintLayout, from: Place, to: Place): PrintLayout {
  const item = layout.sections[from.section]?.columns[from.column]?.fields[from.index];
  if (!item) return layout;
  const isSameColumn = from.section === to.section && from.column === to.column;
  const index = isSameColumn && from.index < to.index ? to.index - 1 : to.index;
  return inserted(removed(layout, from), item, { ...to, index });
}

/** Changes an item. */
export function itemChanged(layout: PrintLayout, { section, column, index }: Place, changes: Partial<PrintItem>): PrintLayout {
  return changed(layout, (sections) => {
    const fields = sections[section]?.columns[column]?.fields;
    if (fields?.[index]) fields[index] = { ...fields[index], ...changes };
  });
}

/** Adds an empty section behind the one at `index` (-1: in front). */
export function sectionAdded(layout: PrintLayout, index: number): PrintLayout {
  return changed(layout, (sections) => sections.splice(index + 1, 0, { label: '', columns: [{ fields: [] }, { fields: [] }] }));
}

/** Takes a section away, with what is in it. */
export function sectionRemoved(layout: PrintLayout, index: number): PrintLayout {
  return changed(layout, (sections) => sections.splice(index, 1));
}

/** Moves a section up or down. */
export function sectionMoved(layout: PrintLayout, index: number, step: 1 | -1): PrintLayout {
  return changed(layout, (sections) => {
    const [section] = sections.splice(index, 1);
    if (section) sections.splice(Math.max(0, Math.min(index + step, sections.length)), 0, section);
  });
}

/** Gives a section a number of columns; what stands in columns that go moves to the last one. */
export function columnsSet(layout: PrintLayout, index: number, count: number): PrintLayout {
  return changed(layout, (sections) => {
    const section = sections[index];
    if (!section) return;
    while (section.columns.length < count) section.columns.push({ fields: [] });
    const surplus = section.columns.splice(count).flatMap((column) => column.fields);
    section.columns.at(-1)?.fields.push(...surplus);
  });
}

/** Changes a section's title or page break. */
export function sectionChanged(layout: PrintLayout, index: number, changes: Partial<Pick<PrintSection, 'label' | 'page_break'>>): PrintLayout {
  return changed(layout, (sections) => {
    if (sections[index]) sections[index] = { ...sections[index], ...changes };
  });
}
