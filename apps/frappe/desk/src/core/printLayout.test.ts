import { describe, expect, it } from 'vitest';
import { Meta } from './meta/meta';
import { columnsSet, inserted, itemOf, moved, removed, sectionAdded, sectionMoved, unusedFields, type PrintLayout } from './printLayout';

const layout: PrintLayout = { heading: '', header: '', footer: '', sections: [
  { label: 'One', columns: [{ fields: ['a', 'b', 'c'].map((fieldname) => ({ fieldname, label: fieldname, fieldtype: 'Data' })) }, { fields: [] }] },
  { label: 'Two', columns: [{ fields: [{ fieldname: 'd', label: 'd', fieldtype: 'Data' }] }] },
] };
const shape = (given: PrintLayout): string[][] => given.sections.map((section) => section.columns.map((column) => column.fields.map((item) => item.fieldname).join('')));

describe('a print layout', () => {
  it('moves items within a column and between sections', () => {
    expect(shape(moved(layout, { section: 0, column: 0, index: 0 }, { section: 0, column: 0, index: 2 }))).toEqual([['bac', ''], ['d']]);
    expect(shape(moved(layout, { section: 0, column: 0, index: 2 }, { section: 0, column: 0, index: 0 }))).toEqual([['cab', ''], ['d']]);
    expect(shape(moved(layout, { section: 1, column: 0, index: 0 }, { section: 0, column: 1, index: 0 }))).toEqual([['abc', 'd'], ['']]);
  });

  it('never changes the one it came from', () => {
    const before = JSON.stringify(layout);
    removed(sectionAdded(layout, 0), { section: 0, column: 0, index: 0 });
    expect(JSON.stringify(layout)).toBe(before);
  });

  it('loses nothing when columns go', () => {
    const wide = inserted(columnsSet(layout, 0, 3), { fieldname: 'x', label: 'x', fieldtype: 'Data' }, { section: 0, column: 2, index: 0 });
    expect(shape(columnsSet(wide, 0, 1))).toEqual([['abcx'], ['d']]);
  });

  it('moves sections', () => {
    expect(sectionMoved(layout, 1, -1).sections.map((section) => section.label)).toEqual(['Two', 'One']);
    expect(sectionMoved(layout, 1, 1).sections.map((section) => section.label)).toEqual(['One', 'Two']);
  });

  it('offers the fields that are not in it', () => {
    const meta = new Meta({ name: 'X', fields: [{ fieldname: 'a', fieldtype: 'Data' }, { fieldname: 'e', fieldtype: 'Data' }, { fieldname: 'go', fieldtype: 'Button' }, { fieldname: 'h', fieldtype: 'Data', hidden: 1 }] });
    expect(unusedFields(meta, layout).map((field) => field.fieldname)).toEqual(['e']);
  });

  it('takes a table with the columns of its grid', () => {
    const rows = new Meta({ name: 'Row', fields: [{ fieldname: 'sku', fieldtype: 'Link', label: 'SKU', in_list_view: 1 }, { fieldname: 'note', fieldtype: 'Data' }] });
    expect(itemOf({ fieldname: 'items', fieldtype: 'Table', label: 'Items', options: 'Row' }, rows)).toMatchObject({ options: 'Row', table_columns: [{ fieldname: 'sku', label: 'SKU' }] });
  });
});
